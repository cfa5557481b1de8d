// Answers of /api/v1 are what its OpenAPI document says they are.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { cmi5, scorm12 } from '../courses/packages.mjs'

const require = createRequire(fileURLToPath(new URL('../clients/package.json', import.meta.url)))
const Ajv = require('ajv/dist/2020.js').default
const formats = require('ajv-formats').default

const origin = new URL(process.env.LEERSPOOR_LINK).origin
const authorization = 'Basic ' + Buffer.from(`${process.env.LEERSPOOR_KEY}:${process.env.LEERSPOOR_SECRET}`).toString('base64')
const seen = new Set()
let document
let ajv
let cookie = ''
let csrf = ''

// The operation that a path is of.
function described(method, path) {
  // What is said literally goes before what is said with a name.
  const found = Object.entries(document.paths).sort(([a], [b]) => Number(a.includes('{')) - Number(b.includes('{'))).find(([pattern]) =>
    new RegExp(`^${pattern.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path.split('?')[0]))
  assert.ok(found, path)
  return { name: found[0], operation: found[1][method.toLowerCase()] }
}

// Sends it, and holds status, type and body against the document.
async function ask(method, path, body, headers = {}) {
  const response = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...(cookie ? { Cookie: cookie, 'X-CSRF-Token': csrf } : {}), ...headers },
    body: Buffer.isBuffer(body) ? body : body && JSON.stringify(body)
  })
  const { name, operation } = described(method, path)
  const answer = operation.responses[String(response.status)]
  const text = await response.text()
  assert.ok(answer, `${method} ${path}: ${response.status} is not described: ${text}`)
  seen.add(`${method.toLowerCase()} ${name}`)
  if (!answer.content) {
    assert.equal(text, '')
    return { response, text }
  }
  const type = response.headers.get('content-type').split(';')[0]
  const media = answer.content[type] ?? answer.content['*/*']
  assert.ok(media, `${method} ${path}: ${type} is not described`)
  if (!type.endsWith('json')) return { response, text }
  const value = JSON.parse(text)
  const validate = ajv.compile({ ...media.schema, components: document.components, $id: undefined })
  assert.ok(validate(value), `${method} ${path}: ${JSON.stringify(validate.errors)}\n${text.slice(0, 2000)}`)
  if (body && !Buffer.isBuffer(body) && operation.requestBody && response.ok) {
    const sent = ajv.compile({ ...operation.requestBody.content['application/json'].schema, components: document.components })
    assert.ok(sent(body), `what was sent to ${method} ${path}: ${JSON.stringify(sent.errors)}`)
  }
  return { response, value }
}

before(async () => {
  document = await (await fetch(`${origin}/api/v1/openapi.json`)).json()
  ajv = new Ajv({ strict: false, allErrors: true })
  formats(ajv)
  await ask('GET', '/openapi.json')
})

test('The command line invites; the invitation is accepted', async () => {
  const printed = execFileSync(process.env.LEERSPOOR_PROGRAM,
    ['person', 'add', '--role', 'administrator', '--data', process.env.LEERSPOOR_DATA_FOLDER, '--json'], { encoding: 'utf8' })
  const token = JSON.parse(printed).path.split('/').pop()
  await ask('GET', `/invitations/${token}`)
  await ask('POST', `/invitations/${token}`, { name: 'Beheerder', password: 'kort' })
  const { response, value } = await ask('POST', `/invitations/${token}`, { name: 'Beheerder', password: 'lang genoeg voor hier' })
  assert.equal(response.status, 201)
  await ask('GET', `/invitations/${token}`)
  cookie = response.headers.get('set-cookie').split(';')[0]
  csrf = value.csrf
})

test('Sessions, people and keys', async () => {
  await ask('GET', '/session')
  await ask('POST', '/session', { name: 'Beheerder', password: 'lang genoeg voor hier' })
  await ask('POST', '/session', { name: 'Beheerder', password: 'niet dit wachtwoord' })
  const { value: sessions } = await ask('GET', '/sessions')
  assert.ok(sessions.items.length >= 2)
  assert.equal((await ask('DELETE', `/sessions/${sessions.items.at(-1).id}`)).response.status, 204)
  await ask('DELETE', '/sessions/unknown')
  await ask('GET', '/people')
  await ask('DELETE', '/people/nobody')
  await ask('POST', '/invitations', { role: 'learner' })
  await ask('POST', '/invitations', { role: 'king' })
  const { value: key } = await ask('POST', '/keys', { name: 'Rooster', scopes: ['analytics'] })
  await ask('GET', '/keys')
  assert.equal((await ask('DELETE', `/keys/${key.key}`)).response.status, 204)
  await ask('DELETE', '/keys/unknown')
  await ask('DELETE', '/sessions/unknown', undefined, { 'X-CSRF-Token': 'another' })
})

test('The organisation, and personas', async () => {
  await ask('PUT', '/organization', { name_nl: 'Academie', name_en: 'Academy', accent: '#7a1f5c', zone: 'Europe/Amsterdam', smallest_group: 4 })
  await ask('GET', '/organization')
  await ask('PUT', '/organization', { accent: '#ffff00' })
  await ask('PUT', '/organization', {})
  await ask('GET', '/personas/proposals')
  const agents = [{ mbox: 'mailto:een@example.nl' }, { account: { homePage: 'https://example.nl', name: 'een' } }]
  const { value: persona } = await ask('POST', '/personas', { name: 'Een', agents })
  await ask('POST', '/personas', { name: 'Een', agents })
  await ask('POST', '/personas', { agents: [agents[0]] })
  await ask('GET', '/personas')
  assert.equal((await ask('DELETE', `/personas/${persona.id}`)).response.status, 204)
  await ask('DELETE', '/personas/unknown')
})

test('Analytics, with every measure and every dimension', async () => {
  const { value: all } = await ask('GET', '/analytics/measures')
  const measures = all.measures.map((one) => one.name).filter((name) => !name.endsWith('pN'))
  for (const dimension of all.dimensions.filter((one) => one.name !== 'extension')) {
    const { value } = await ask('POST', '/analytics/query', { measures, dimensions: [dimension.name], totals: true, others: true, limit: 2, compare: 'year_before' })
    assert.equal(value.columns[0].kind, dimension.kind)
    const { value: definition } = { value: all.measures.find((one) => one.name === value.columns[1].name) }
    assert.equal(value.columns[1].kind, definition.unit)
  }
  await ask('POST', '/analytics/query', { measures: [{ percentile: 'duration', at: 0.9 }], filter: { not: { verb: 'http://adlnet.gov/expapi/verbs/failed' } } })
  const extension = 'https://example.nl/headset'
  const { value: running } = await ask('POST', '/analytics/query', { measures: ['learners'], dimensions: ['month', { extension }], running: true, filter: { weekday: [1, 2], not: { hour_of_day: 3, score_band: 0.5, extension: { [extension]: ['Quest 3', 3] } } } })
  assert.deepEqual(running.columns.map((one) => one.name), ['month', extension, 'learners', 'running_learners'])
  await ask('POST', '/analytics/query', { measures: ['wishes'] })
  const query = encodeURIComponent(JSON.stringify({ measures: ['statements'], dimensions: ['verb'] }))
  const { response, text } = await ask('GET', `/analytics/query?query=${query}&format=csv`)
  assert.match(text, /^verb,statements\r\n/)
  const again = await ask('GET', `/analytics/query?query=${query}&format=csv`, undefined, { 'If-None-Match': response.headers.get('etag') })
  assert.equal(again.response.status, 304)
  cookie = ''
  await ask('POST', '/analytics/query', { measures: ['statements'] })
  await ask('POST', '/analytics/query', { measures: ['statements'] }, { Authorization: authorization })
})

test('Journeys', async () => {
  const asks = { Authorization: authorization }
  const verb = (name) => ({ name, filter: { verb: `http://adlnet.gov/expapi/verbs/${name}` } })
  await ask('POST', '/analytics/funnel', { steps: [verb('initialized'), verb('completed')], within_seconds: 86400 }, asks)
  await ask('POST', '/analytics/funnel', { steps: [] }, asks)
  await ask('POST', '/analytics/cohorts', { period: 'week', zone: 'Europe/Amsterdam' }, asks)
  await ask('POST', '/analytics/matrix', { of: 'course', learners: 5, activities: 5 }, asks)
  await ask('POST', '/analytics/questions', { filter: { name: { activity: 'a' } } }, asks)
})

test('The live stream begins', async () => {
  const controller = new AbortController()
  const response = await fetch(`${origin}/api/v1/statements/live`, { headers: { Authorization: authorization }, signal: controller.signal })
  assert.equal(response.status, 200)
  assert.ok(document.paths['/statements/live'].get.responses[200].content[response.headers.get('content-type')])
  controller.abort()
  seen.add('get /statements/live')
  await ask('GET', '/statements/live?after=x', undefined, { Authorization: authorization })
})

test('An attachment, and none', async () => {
  const sha2 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
  const statement = { id: 'a1a1a1a1-0000-4000-8000-000000000001', actor: { mbox: 'mailto:ans@example.nl' }, verb: { id: 'https://example.nl/zag' },
    object: { id: 'https://example.nl/ding' }, attachments: [{ usageType: 'https://example.nl/u', display: { nl: 'x' }, contentType: 'text/plain', length: 5, sha2 }] }
  const body = `--b\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(statement)}\r\n--b\r\nContent-Type: text/plain\r\n` +
    `Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: ${sha2}\r\n\r\nhello\r\n--b--\r\n`
  const stored = await fetch(`${origin}/xapi/statements`, { method: 'POST', body, headers: {
    Authorization: authorization, 'X-Experience-API-Version': '2.0.0', 'Content-Type': 'multipart/mixed; boundary=b' } })
  assert.equal(stored.status, 200)
  const path = `/statements/${statement.id}/attachments/${sha2}`
  const given = await fetch(`${origin}/api/v1${path}`, { headers: { Authorization: authorization } })
  assert.equal(await given.text(), 'hello')
  assert.ok(document.paths['/statements/{id}/attachments/{sha2}'].get.responses[given.status])
  await ask('GET', `/statements/${statement.id}/attachments/none`, undefined, { Authorization: authorization })
})

test('The log, for everybody', async () => {
  const { text } = await ask('GET', '/log/checkpoint')
  const size = Number(text.split('\n')[1])
  await ask('GET', '/log/key')
  await ask('GET', `/log/consistency?from=0&to=${size}`)
  await ask('GET', '/log/consistency?from=2&to=1')
  await ask('GET', `/log/tile/0/000.p/${size}`)
  for (const path of ['0/000', '0/x001/000', '0/x001/x000/000', '0/x001/x000/000.p/1']) await ask('GET', `/log/tile/${path}`)
  const { value } = await ask('GET', '/statements/a1a1a1a1-0000-4000-8000-000000000001/inclusion', undefined, { Authorization: authorization })
  assert.ok(value.index >= 0)
})

test('An export, from its beginning to its end', async () => {
  const asks = { Authorization: authorization }
  const { value: begun } = await ask('POST', '/exports', { filter: { verb: 'https://example.nl/zag' }, format: 'csv', columns: ['id', 'verb'] }, asks)
  let job = begun
  while (job.state === 'waiting' || job.state === 'running') ({ value: job } = await ask('GET', `/exports/${begun.id}`, undefined, asks))
  assert.equal(job.state, 'done')
  const { text } = await ask('GET', `/exports/${job.id}/file`, undefined, asks)
  assert.match(text, /^id,verb\r\n/)
  const { response } = await ask('GET', `/exports/${job.id}/file`, undefined, { ...asks, Range: 'bytes=0-1' })
  assert.equal(response.status, 206)
  await ask('GET', `/exports/${job.id}/file`, undefined, { ...asks, Range: 'bytes=99999999-' })
  await ask('POST', '/exports', { format: 'pdf' }, asks)
  await ask('GET', '/exports', undefined, asks)
  assert.equal((await ask('DELETE', `/exports/${job.id}`, undefined, asks)).response.status, 204)
  await ask('DELETE', `/exports/${job.id}`, undefined, asks)
})

test('An erasure, from its preview to its certificate; holds and retention rules', async () => {
  const asks = { Authorization: authorization }
  const agent = { mbox: 'mailto:nobody-here@example.nl' }
  const { value: begun } = await ask('POST', '/erasures', { agent, kind: 'erase', reason: 'gevraagd' }, asks)
  const until = async (state) => {
    let job = begun
    while (job.state !== state) ({ value: job } = await ask('GET', `/erasures/${begun.id}`, undefined, asks))
    return job
  }
  await until('previewed')
  const { value: hold } = await ask('POST', '/holds', { agent, reason: 'zaak 7' }, asks)
  assert.equal((await ask('POST', `/erasures/${begun.id}/confirm`, undefined, asks)).response.status, 409)
  await ask('GET', '/holds', undefined, asks)
  assert.equal((await ask('DELETE', `/holds/${hold.id}`, undefined, asks)).response.status, 204)
  await ask('DELETE', `/holds/${hold.id}`, undefined, asks)
  await ask('POST', '/holds', { reason: '' }, asks)
  assert.equal((await ask('POST', `/erasures/${begun.id}/confirm`, undefined, asks)).response.status, 202)
  const done = await until('done')
  assert.equal(JSON.parse(done.certificate).kind, 'erase')
  await ask('GET', '/erasures', undefined, asks)
  await ask('DELETE', `/erasures/${begun.id}`, undefined, asks)
  await ask('DELETE', '/erasures/none', undefined, asks)
  await ask('POST', '/erasures', { agent, kind: 'forget' }, asks)
  const { value: rule } = await ask('POST', '/retention', { days: 36500, filter: { verb: 'https://example.nl/nooit' }, reason: 'beleid' }, asks)
  await ask('GET', '/retention', undefined, asks)
  await ask('POST', '/retention/apply', undefined, asks)
  await ask('DELETE', `/retention/${rule.id}`, undefined, asks)
  await ask('DELETE', `/retention/${rule.id}`, undefined, asks)
  await ask('POST', '/retention', { days: 0 }, asks)
})

test('Who read what', async () => {
  const asks = { Authorization: authorization, 'X-Leerspoor-Purpose': 'een controle' }
  const agent = encodeURIComponent(JSON.stringify({ mbox: 'mailto:nobody-here@example.nl' }))
  await ask('GET', `/statements/a1a1a1a1-0000-4000-8000-000000000001/inclusion?agent=${agent}`, undefined, asks)
  const { value } = await ask('GET', `/accesses?agent=${agent}&what=reads&limit=1`, undefined, asks)
  assert.equal(value.items[0].purpose, 'een controle')
  const { value: all } = await ask('GET', '/accesses?limit=1', undefined, asks)
  assert.ok(all.next)
  await ask('GET', `/accesses?after=${all.next}`, undefined, asks)
  await ask('GET', '/accesses?limit=none', undefined, asks)
})

test('Relays', async () => {
  const asks = { Authorization: authorization }
  const { value: made } = await ask('POST', '/relays', { kind: 'webhook', url: 'http://127.0.0.1:9/nobody', secret: 'geheim', filter: { verb: 'https://example.nl/nooit' } }, asks)
  await ask('GET', '/relays', undefined, asks)
  await ask('GET', `/relays/${made.id}`, undefined, asks)
  await ask('GET', `/relays/${made.id}/dead-letters`, undefined, asks)
  assert.equal((await ask('POST', `/relays/${made.id}/retry`, undefined, asks)).value.left, 0)
  assert.equal((await ask('DELETE', `/relays/${made.id}`, undefined, asks)).response.status, 204)
  await ask('DELETE', `/relays/${made.id}`, undefined, asks)
  await ask('POST', '/relays', { kind: 'forward', url: 'ftp://example.nl' }, asks)
})

test('Scheduled exports', async () => {
  const asks = { Authorization: authorization }
  const { value: made } = await ask('POST', '/exports/schedules', { every: 'week', format: 'csv', filter: { verb: 'https://example.nl/zag' } }, asks)
  await ask('GET', '/exports/schedules', undefined, asks)
  assert.equal((await ask('DELETE', `/exports/schedules/${made.id}`, undefined, asks)).response.status, 204)
  await ask('DELETE', `/exports/schedules/${made.id}`, undefined, asks)
  await ask('POST', '/exports/schedules', { every: 'minute' }, asks)
})

test('Courses and launches', async () => {
  const asks = { Authorization: authorization }
  const zip = { ...asks, 'Content-Type': 'application/zip' }
  await ask('POST', '/courses?dry_run=true', scorm12(), zip)
  const { value: scorm } = await ask('POST', '/courses', scorm12(), zip)
  const { value: made } = await ask('POST', '/courses', cmi5(), zip)
  await ask('POST', '/courses', Buffer.from('no zip'), zip)
  await ask('POST', '/courses', Buffer.from('# no package'), { ...asks, 'Content-Type': 'text/markdown' })
  await ask('GET', '/courses', undefined, asks)
  await ask('GET', `/courses/${made.id}`, undefined, asks)
  await ask('GET', '/courses/none', undefined, asks)
  await ask('PATCH', `/courses/${scorm.id}`, { retired: true }, asks)
  await ask('GET', '/my/courses')
  await ask('POST', `/my/courses/${made.id}/launch`)
  const learner = { account: { homePage: 'https://leren.example', name: 'schema' } }
  const { value: launch } = await ask('POST', '/launches', { course: made.id, learner, mode: 'normal' }, asks)
  await ask('POST', '/launches', { course: made.id, learner: { mbox: 'mailto:x@leren.example' } }, asks)
  const token = launch.url.split('/').pop()
  await ask('GET', `/launches/${token}`)
  await ask('GET', '/launches/none')
  await ask('GET', `/launches/${token}/qr.svg`)
  const { value: started } = await ask('POST', `/launches/${token}/start`)
  const fetching = new URL(new URL(started.url).searchParams.get('fetch')).pathname.replace('/api/v1', '')
  await ask('POST', fetching)
  assert.equal((await ask('POST', fetching)).value['error-code'], '1')
  await ask('GET', `/courses/${made.id}/registrations`, undefined, asks)
  assert.equal((await ask('POST', `/courses/${made.id}/move`, {}, asks)).value.moved, 0)
  await ask('POST', `/courses/${made.id}/move`, { registration: 'none' }, asks)
  await ask('POST', `/courses/${made.id}/move`, { version: 'none' }, asks)
  const node = (await ask('GET', `/courses/${made.id}`, undefined, asks)).value.activities[0].id
  assert.equal((await ask('POST', `/courses/${made.id}/registrations/${launch.registration}/waive`, { node, reason: 'Tested Out' }, asks)).response.status, 204)
  assert.equal((await ask('POST', `/sessions/${started.session}/abandon`, undefined, asks)).response.status, 204)
  await ask('POST', `/sessions/${started.session}/abandon`, undefined, asks)
  await ask('DELETE', `/courses/${made.id}`, undefined, asks)
  assert.equal((await ask('DELETE', `/courses/${scorm.id}`, undefined, asks)).response.status, 204)
})

test('Signing out, and nothing was left out', async () => {
  const { response, value } = await ask('POST', '/session', { name: 'Beheerder', password: 'lang genoeg voor hier' })
  cookie = response.headers.get('set-cookie').split(';')[0]
  csrf = value.csrf
  await ask('DELETE', '/session')
  await ask('GET', '/session')
  const described_all = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
  assert.deepEqual(described_all.filter((one) => !seen.has(one)), [])
})
