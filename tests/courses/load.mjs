// Learners who commit beside a load of statements: how long a commit takes, and how many there may be at most.
//
//   node tests/courses/load.mjs --server build/release/bin/leerspoor [--learners 500] [--seconds 60]
//
// Over the loopback, bounded; not a part of the suite, because it measures.
import { Agent, request } from 'node:https'
import { parseArgs } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'

const { values } = parseArgs({ options: { server: { type: 'string' }, learners: { type: 'string', default: '500' }, seconds: { type: 'string', default: '60' } } })
process.env.LEERSPOOR_PROGRAM = values.server
const { learner, Server } = await import('./server.mjs')
const { scorm12 } = await import('./packages.mjs')

const learners = Number(values.learners)
const seconds = Number(values.seconds)
const every = 10_000
const server = await new Server('--connections-per-client', '2000').start()
const agent = new Agent({ keepAlive: true, maxSockets: 256, rejectUnauthorized: false })
const send = (target, host, body, headers = {}) => new Promise((done, failed) => {
  const begun = performance.now()
  const asking = request({ agent, host: '127.0.0.1', port: server.port, method: 'POST', path: target, headers: { Host: host, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers } }, (response) => {
    response.resume()
    response.on('end', () => done({ status: response.statusCode, took: performance.now() - begun }))
  })
  asking.on('error', failed)
  asking.end(body)
})
const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(1)
const told = (name, times) => {
  const sorted = [...times].sort((a, b) => a - b)
  console.log(`${name}: ${sorted.length} in all, median ${at(sorted, 0.5)} ms, p99 ${at(sorted, 0.99)} ms, longest ${at(sorted, 1)} ms`)
}

try {
  const course = await server.upload(scorm12())
  const sessions = []
  for (let i = 0; i < learners; ++i) {
    const url = new URL(await server.begin(await server.launch(course.id, learner(`learner ${i}`))))
    sessions.push({ path: `${url.pathname}-/run`, host: url.host, number: 0 })
  }
  // As content does it: where it is, its suspended data, now and then an answer.
  const commit = async (session) => {
    const number = ++session.number
    const changes = { 'cmi.core.lesson_location': `page-${number}`, 'cmi.suspend_data': `${number};`.padEnd(2000, 'x') }
    if (number % 3 === 0) Object.assign(changes, { [`cmi.interactions.${number / 3 - 1}.id`]: `q${number}`, [`cmi.interactions.${number / 3 - 1}.type`]: 'choice', [`cmi.interactions.${number / 3 - 1}.student_response`]: 'a', [`cmi.interactions.${number / 3 - 1}.result`]: 'correct' })
    const { status, took } = await send(session.path, session.host, JSON.stringify({ sco: 'quiz', number, initialized: number === 1, changes, removed: [] }))
    if (status !== 200) throw new Error(`a commit was answered ${status}`)
    return took
  }
  const authorization = 'Basic ' + Buffer.from('courses:a secret for the tests').toString('base64')
  let statements = 0
  const post = async () => {
    const batch = Array.from({ length: 10 }, () => ({ actor: { mbox: `mailto:s${++statements % 5000}@x.example` }, verb: { id: 'http://adlnet.gov/expapi/verbs/experienced' }, object: { id: `https://x.example/${statements % 300}` } }))
    return (await send('/xapi/statements', `localhost:${server.port}`, JSON.stringify(batch), { Authorization: authorization, 'X-Experience-API-Version': '2.0.0' })).took
  }

  const commits = []
  const posts = []
  const end = performance.now() + seconds * 1000
  await Promise.all([
    ...sessions.map(async (session, i) => {
      await pause((every * i) / sessions.length)
      while (performance.now() < end) {
        const begun = performance.now()
        commits.push(await commit(session))
        await pause(Math.max(0, every - (performance.now() - begun)))
      }
    }),
    // 100 statements a second from elsewhere.
    (async () => {
      while (performance.now() < end) {
        posts.push(await post())
        await pause(100)
      }
    })()
  ])
  told(`${learners} learners, a commit each ten seconds, beside ${Math.round((posts.length * 10) / seconds)} statements a second`, commits)
  told('batches of ten statements meanwhile', posts)

  const limit = []
  const stop = performance.now() + 10_000
  await Promise.all(sessions.slice(0, 64).map(async (session) => {
    while (performance.now() < stop) limit.push(await commit(session))
  }))
  told(`64 learners without a pause: ${Math.round(limit.length / 10)} commits a second`, limit)
} finally {
  agent.destroy()
  await server.stop()
}
