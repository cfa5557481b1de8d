// A well-behaved client in a process of its own: reads and writes one statement at a time, fifty times a second,
// and says how long each answer took. Run by run.mjs.
import http from 'node:http'
import { randomUUID } from 'node:crypto'

const [port, authorization] = process.argv.slice(2)
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
const interval = 20
let times = []
let refused = 0
let known = ''

function send(method, path, body) {
  return new Promise((resolve) => {
    const began = performance.now()
    const request = http.request({ host: '127.0.0.1', port, agent, method, path, timeout: 120_000,
      headers: { Authorization: authorization, 'X-Experience-API-Version': '1.0.3', 'Content-Type': 'application/json' } }, (response) => {
      response.resume()
      response.on('end', () => {
        times.push(performance.now() - began)
        if (response.statusCode >= 300) ++refused
        resolve()
      })
    })
    request.on('error', () => { times.push(performance.now() - began); ++refused; resolve() })
    request.on('timeout', () => request.destroy())
    request.end(body)
  })
}

async function store() {
  const id = randomUUID()
  await send('POST', '/xapi/statements', JSON.stringify({ id, actor: { mbox: 'mailto:sanne@example.com' },
    verb: { id: 'http://adlnet.gov/expapi/verbs/experienced' }, object: { id: 'https://example.com/courses/one' } }))
  known ||= id
}

process.on('message', (wanted) => {
  const sorted = times.sort((one, two) => one - two)
  process.send({ requests: sorted.length, refused, p99: sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0,
    most: sorted.at(-1) ?? 0 })
  times = []
  refused = 0
  if (wanted === 'end') process.exit()
})

await store()
process.send('ready')
for (let turn = 0; ; ++turn) {
  const began = performance.now()
  if (turn % 2 === 0) await store()
  else await send('GET', '/xapi/statements?statementId=' + known)
  await new Promise((resolve) => setTimeout(resolve, Math.max(1, interval - (performance.now() - began))))
}
