// Talks to a whole server, sanitized, as nobody should: requests that are cut, mixed, repeated, torn off and mutated,
// on several connections at a time, between good ones of which it remembers what was acknowledged. The seed
// chooses the bytes; in which order the connections take them is up to chance.
//
//   ninja -C build/asan leerspoor && node tests/fuzz/network.mjs --server build/asan/bin/leerspoor [--seconds 60] [--seed N]
//
// Ends with 1 when the server ends, answers what it must not (a 5xx other than 503), has lost what it acknowledged, or
// does not end with 0 when it is told to (a sanitizer's finding).
import { createHash, randomInt } from 'node:crypto'
import { Server, authorization } from '../abuse/server.mjs'

const words = process.argv.slice(2)
const option = (name, preset) => words.includes(name) ? words[words.indexOf(name) + 1] : preset
const seconds = Number(option('--seconds', 60))
const seed = Number(option('--seed', randomInt(2 ** 31)))
console.log(`seed ${seed}`)

// mulberry32: small, and the same everywhere.
let state = seed >>> 0
function random(limit) {
  state = (state + 0x6d2b79f5) >>> 0
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
}
const one_of = (list) => list[random(list.length)]
const chance = (in_so_many) => random(in_so_many) === 0
const hex = (digits) => Array.from({ length: digits }, () => random(16).toString(16)).join('')
const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`

const acknowledged = []
const statement = (rest = {}) => ({ id: uuid(), actor: { mbox: `mailto:a${random(9)}@example.com` }, verb: { id: one_of(['http://a.b/c', 'http://adlnet.gov/expapi/verbs/answered']) },
  object: chance(6) ? { objectType: 'StatementRef', id: uuid() } : { id: `http://a.b/${random(50)}`, definition: { name: { en: 'x'.repeat(random(300)) } } }, ...rest })
const agent = encodeURIComponent('{"mbox":"mailto:a@example.com"}')
const head = (method, target, more = '') => `${method} ${target} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\nX-Experience-API-Version: ${one_of(['1.0.3', '2.0.0'])}\r\n${more}`
const with_body = (method, target, body, type = 'application/json') => chance(3)
  ? head(method, target, `Content-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`) + body.length.toString(16) + `\r\n${body}\r\n0\r\n\r\n`
  : head(method, target, `Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`) + body

function multipart() {
  const bytes = 'y'.repeat(random(2000))
  const sha2 = createHash('sha256').update(bytes).digest('hex')
  const json = JSON.stringify(statement({ attachments: [{ usageType: 'http://a.b/u', display: { en: 'x' }, contentType: 'text/plain', length: bytes.length, sha2 }] }))
  return with_body('POST', '/xapi/statements', `--q\r\nContent-Type: application/json\r\n\r\n${json}\r\n--q\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: ${sha2}\r\n\r\n${bytes}\r\n--q--\r\n`, 'multipart/mixed; boundary=q')
}

const requests = [
  () => with_body('POST', '/xapi/statements', JSON.stringify(Array.from({ length: random(20) }, () => statement()))),
  () => with_body('PUT', `/xapi/statements?statementId=${uuid()}`, JSON.stringify(statement({ id: undefined }))),
  () => head('GET', `/xapi/statements?limit=${random(30)}&format=${one_of(['ids', 'exact', 'canonical'])}&attachments=${chance(2)}`) + '\r\n',
  () => head('GET', `/xapi/statements?statementId=${acknowledged.length > 0 ? one_of(acknowledged) : uuid()}`) + '\r\n',
  () => head('GET', `/xapi/statements?agent=${agent}&since=2020-01-01T00:00:00Z&ascending=true`) + '\r\n',
  () => with_body('POST', `/xapi/activities/state?activityId=http%3A%2F%2Fa.b%2Fc&agent=${agent}&stateId=${random(5)}`, `{"a${random(9)}":${random(99)}}`),
  () => head('DELETE', `/xapi/activities/state?activityId=http%3A%2F%2Fa.b%2Fc&agent=${agent}`) + '\r\n',
  () => with_body('PUT', `/xapi/agents/profile?agent=${agent}&profileId=p`, '{}').replace('Host', 'If-Match: *\r\nHost'),
  () => `POST /xapi/statements?method=${one_of(['GET', 'PUT', 'POST'])} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60\r\n\r\n` + 'Authorization=x&content=%7B%7D&X-Experience-API-Version=1.0.3'.slice(0, 60),
  () => head('OPTIONS', '/xapi/statements', 'Origin: http://a.b\r\nAccess-Control-Request-Method: GET\r\n') + '\r\n',
  () => head(one_of(['GET', 'HEAD']), one_of(['/healthz', '/metrics', '/xapi/about', '/xapi/activities?activityId=http%3A%2F%2Fa.b%2F1', `/xapi/agents?agent=${agent}`, '/', '/nothing'])) + '\r\n',
  () => with_body('POST', '/xapi/statements', '[' .repeat(random(200)) + ']'.repeat(random(200))).replace('Host', 'Expect: 100-continue\r\nHost'),
  multipart
]

function mutated(text) {
  const bytes = Buffer.from(text, 'latin1')
  const places = 1 + random(4)
  for (let i = 0; i < places; ++i) {
    const at = random(bytes.length)
    if (chance(3)) bytes.copy(bytes, at, random(bytes.length)) // a piece comes again
    else bytes[at] = chance(2) ? random(256) : one_of([0, 10, 13, 32, 34, 37, 45, 58, 123, 255])
  }
  return bytes.subarray(0, chance(5) ? random(bytes.length) : bytes.length)
}

const server = new Server(option('--server'))
await server.start()
let sent = 0
const wrong = []

// One connection's life.
async function converse() {
  const socket = await server.connect()
  let heard = ''
  socket.on('data', (data) => { heard = (heard + data.toString('latin1')).slice(-200_000) })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  for (let turn = 0, turns = 1 + random(12); turn < turns && !socket.destroyed; ++turn) {
    const request = one_of(requests)()
    const bytes = chance(2) ? Buffer.from(request, 'latin1') : mutated(request)
    ++sent
    const pieces = chance(3) ? 1 + random(6) : 1
    for (let i = 0; i < pieces && !socket.destroyed; ++i) {
      socket.write(bytes.subarray(Math.floor(bytes.length * i / pieces), Math.floor(bytes.length * (i + 1) / pieces)))
      if (pieces > 1) await new Promise(setImmediate)
    }
    if (chance(30)) socket.resetAndDestroy()
    if (chance(40)) socket.pause()
  }
  if (chance(2)) socket.end()
  const timer = setTimeout(() => socket.destroy(), 50 + random(150))
  await closed
  clearTimeout(timer)
  for (const [, status] of heard.matchAll(/HTTP\/1\.1 (\d\d\d)/g)) {
    if (status >= 500 && status !== '503' && status !== '501' && status !== '505') wrong.push(`status ${status}`)
  }
}

// What was acknowledged is asked for at the end.
async function store() {
  const batch = Array.from({ length: 5 }, () => statement())
  const answer = await server.post(batch)
  if (answer.status === 200) acknowledged.push(...batch.map(({ id }) => id))
  else if (answer.status !== 503) wrong.push(`a good request was answered ${answer.status} ${answer.text}`)
}

const end = Date.now() + seconds * 1000
async function client() {
  while (Date.now() < end && server.running && wrong.length === 0) {
    if (chance(10)) await store().catch((error) => wrong.push(String(error)))
    else await converse()
  }
}
await Promise.all(Array.from({ length: 8 }, client))

if (server.running) {
  for (const id of acknowledged) {
    const answer = await server.fetch('/xapi/statements?statementId=' + id)
    if (answer.status !== 200) wrong.push(`${id} was acknowledged, and is ${answer.status}`)
  }
}
const ended = server.running ? await server.end() : { how: 'before it was told to' }
if (ended.how !== 0) wrong.push(`the server ended: ${ended.how}`)
server.remove()
console.log(`${sent} requests, ${acknowledged.length} statements acknowledged`)
for (const line of wrong.slice(0, 10)) console.log(line)
process.exit(wrong.length === 0 ? 0 : 1)
