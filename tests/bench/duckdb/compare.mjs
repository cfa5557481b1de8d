// The same questions to Leerspoor's analytics and to DuckDB, about the same statements, in one run, by turns.
//
//   npm ci && node compare.mjs --bin FOLDER [--statements 1000000] [--rounds 7] [--work-dir FOLDER]
//
// FOLDER has leerspoor and leerspoor-bench. DuckDB has two threads, and a file of its own with the same columns.
import { DuckDBInstance } from '@duckdb/node-api'
import { spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const words = process.argv.slice(2)
const option = (name, preset) => (words.includes(name) ? words[words.indexOf(name) + 1] : preset)
const bin = resolve(option('--bin'))
const count = Number(option('--statements', 1_000_000))
const rounds = Number(option('--rounds', 7))
const folder = mkdtempSync(join(option('--work-dir', tmpdir()), 'leerspoor-duckdb-'))
const authorization = 'Basic ' + Buffer.from('bench:secret of the bench').toString('base64')

const server = spawn(join(bin, 'leerspoor'), ['serve', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0', '--log-level', 'warning'],
  { env: { ...process.env, LEERSPOOR_KEY: 'bench', LEERSPOOR_SECRET: 'secret of the bench' }, stdio: ['ignore', 'pipe', 'inherit'] })
const ended = new Promise((done) => server.on('exit', done))
const port = await new Promise((found, failed) => {
  server.stdout.on('data', (text) => {
    const at = /ready: https:\/\/[^:]+:(\d+)/.exec(text)
    if (at) found(Number(at[1]))
  })
  server.on('exit', () => failed(new Error('the server ended')))
})
const agent = new Agent({ keepAlive: true, maxSockets: 4, ca: readFileSync(join(folder, 'data', 'tls', 'cert.pem')) })

const post = (path, body) => new Promise((done, failed) => {
  const asked = request({ host: 'localhost', port, path, method: 'POST', agent, headers: {
    Authorization: authorization, 'Content-Type': 'application/json', 'X-Experience-API-Version': '2.0.0', 'Content-Length': Buffer.byteLength(body)
  } }, (answer) => {
    const parts = []
    answer.on('data', (part) => parts.push(part))
    answer.on('end', () => {
      const text = Buffer.concat(parts).toString()
      if (answer.statusCode === 200) done(text)
      else failed(new Error(`${answer.statusCode} ${text}`))
    })
  })
  asked.on('error', failed)
  asked.end(body)
})

const seconds = (text) => {
  if (!text) return ''
  const [, h, m, s] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(text) ?? []
  return Number(h ?? 0) * 3600 + Number(m ?? 0) * 60 + Number(s ?? 0)
}
const who = (actor) => (actor ? JSON.stringify(actor.account ?? actor.mbox ?? actor.openid ?? actor.mbox_sha1sum) : '')
const cell = (value) => (value === undefined || value === '' ? '' : `"${String(value).replaceAll('"', '""')}"`)

async function load() {
  const csv = createWriteStream(join(folder, 'facts.csv'))
  const generating = spawn(join(bin, 'leerspoor-bench'), ['generate', '--statements', String(count), '--seed', '1'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const waiting = new Set()
  let batch = []
  const send = async () => {
    const body = `[${batch.join(',')}]`
    batch = []
    const sending = post('/xapi/statements', body).finally(() => waiting.delete(sending))
    waiting.add(sending)
    if (waiting.size >= 4) await Promise.race(waiting)
  }
  for await (const line of createInterface({ input: generating.stdout })) {
    const { timestamp, actor, verb, object, result = {}, context = {} } = JSON.parse(line)
    const { grouping = [], parent = [], category = [] } = context.contextActivities ?? {}
    const activity = !object.objectType || object.objectType === 'Activity' ? object.id : undefined
    const row = [timestamp, who(actor), verb.id, activity, object.definition?.type, parent[0]?.id, grouping[0]?.id, category[0]?.id,
      grouping[0]?.id ?? parent[0]?.id ?? activity, context.registration, who(context.team), who(context.instructor), context.platform,
      context.language, result.success, result.completion, result.score?.scaled, result.score?.raw, seconds(result.duration), result.response]
    if (!csv.write(row.map(cell).join(',') + '\n')) await new Promise((done) => csv.once('drain', done))
    batch.push(line)
    if (batch.length === 500) await send()
  }
  if (batch.length > 0) await send()
  await Promise.all(waiting)
  await new Promise((done) => csv.end(done))
}

const columns = ['ts TIMESTAMP', 'actor VARCHAR', 'verb VARCHAR', 'activity VARCHAR', 'activity_type VARCHAR', 'parent VARCHAR', 'grouping VARCHAR',
  'category VARCHAR', 'course VARCHAR', 'registration UUID', 'team VARCHAR', 'instructor VARCHAR', 'platform VARCHAR', 'language VARCHAR',
  'success BOOLEAN', 'completion BOOLEAN', 'scaled DOUBLE', 'raw DOUBLE', 'duration DOUBLE', 'response VARCHAR']
const v = 'http://adlnet.gov/expapi/verbs/'
const course = 'https://leren.gemeente.example/cursus/3'
const steps = ['launched', 'initialized', 'answered', 'completed', 'passed']
const funnel_sql = `WITH e AS (SELECT actor, verb, ts FROM facts WHERE "grouping" = '${course}'),
  ${steps.map((verb, i) => `s${i} AS (SELECT e.actor, min(e.ts) AS t FROM e ${i === 0 ? '' : `JOIN s${i - 1} ON e.actor = s${i - 1}.actor AND e.ts >= s${i - 1}.t`} WHERE verb = '${v}${verb}' GROUP BY e.actor)`).join(',\n')}
  ${steps.map((_, i) => `SELECT ${i} AS step, count(*) AS n FROM s${i}`).join(' UNION ALL ')} ORDER BY step`

// Each: its name, the question to Leerspoor, that to DuckDB, and what of an answer's rows must be the same in both.
const questions = [
  ['statements by verb', 'query', { measures: ['statements'], dimensions: ['verb'], limit: 1000 },
    'SELECT verb, count(*) FROM facts GROUP BY verb', (row) => row[1]],
  ['learners by month', 'query', { measures: ['learners'], dimensions: ['month'], limit: 1000 },
    "SELECT date_trunc('month', ts) AS m, count(DISTINCT actor) FROM facts GROUP BY m", (row) => row[1]],
  ['learners by verb', 'query', { measures: ['learners'], dimensions: ['verb'], limit: 1000 },
    'SELECT verb, count(DISTINCT actor) FROM facts GROUP BY verb', (row) => row[1]],
  ['top ten activities, score, learners', 'query', { measures: ['statements', 'mean_score', 'learners'], dimensions: ['activity'], limit: 10 },
    'SELECT activity, count(*) AS n, avg(scaled), count(DISTINCT actor) FROM facts GROUP BY activity ORDER BY n DESC LIMIT 10', (row) => row[1]],
  ['one course by day', 'query', { measures: ['statements'], dimensions: ['day'], filter: { grouping: course }, limit: 5000 },
    `SELECT CAST(ts AS DATE) AS d, count(*) FROM facts WHERE "grouping" = '${course}' GROUP BY d`, (row) => row[1]],
  ['weekday by hour', 'query', { measures: ['statements'], dimensions: ['weekday', 'hour_of_day'], limit: 168 },
    'SELECT isodow(ts) AS w, hour(ts) AS h, count(*) FROM facts GROUP BY w, h', (row) => row[2]],
  ['median and p90 of score by course', 'query', { measures: ['median_score', { percentile: 'score_scaled', at: 0.9 }], dimensions: ['course'], limit: 10000 },
    'SELECT course, quantile_cont(scaled, 0.5), quantile_cont(scaled, 0.9) FROM facts GROUP BY course', (row) => (row[1] === null ? -1 : Math.round(row[1] * 1e6))],
  ['funnel of five steps in one course', 'funnel', { filter: { grouping: course }, steps: steps.map((verb) => ({ filter: { verb: v + verb } })) },
    funnel_sql, (row) => row[1]]
]

const median = (numbers) => numbers.toSorted?.((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]

try {
  const began = performance.now()
  await load()
  console.log(`${count} statements sent in ${((performance.now() - began) / 1000).toFixed(0)} s`)
  const instance = await DuckDBInstance.create(join(folder, 'facts.duckdb'), { threads: '2' })
  const duck = await instance.connect()
  await duck.run(`CREATE TABLE facts (${columns.map((one) => one.replace('grouping', '"grouping"')).join(', ')})`)
  await duck.run(`COPY facts FROM '${join(folder, 'facts.csv')}' (FORMAT csv, HEADER false, NULLSTR '')`)
  await duck.run('CHECKPOINT')
  const ask = async (path, body) => JSON.parse(await post(`/api/v1/analytics/${path}`, JSON.stringify(body))).rows
  const ask_duck = async (sql) => (await duck.runAndReadAll(sql)).getRows()
  console.log('| question | Leerspoor | DuckDB | ratio |\n| --- | --- | --- | --- |')
  let different = 0
  for (const [name, path, query, sql, same] of questions) {
    const own = []
    const other = []
    for (let round = 0; round <= rounds; ++round) {
      const order = round % 2 === 0 ? [0, 1] : [1, 0]
      for (const which of order) {
        const start = performance.now()
        const rows = which === 0 ? await ask(path, query) : await ask_duck(sql)
        const took = performance.now() - start
        if (round > 0) (which === 0 ? own : other).push(took)
        if (round === 0) (which === 0 ? own : other).rows = rows.map((row) => Number(same(row.map((value) => (typeof value === 'bigint' ? Number(value) : value))))).sort((a, b) => a - b)
      }
    }
    if (JSON.stringify(own.rows) !== JSON.stringify(other.rows)) {
      ++different
      console.log(`different answers: ${name}: ${JSON.stringify(own.rows).slice(0, 300)} and ${JSON.stringify(other.rows).slice(0, 300)}`)
    }
    console.log(`| ${name} | ${median(own).toFixed(1)} ms | ${median(other).toFixed(1)} ms | ${(median(own) / median(other)).toFixed(2)} |`)
  }
  process.exitCode = different === 0 ? 0 : 1
  duck.closeSync()
} finally {
  server.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true, force: true })
}
