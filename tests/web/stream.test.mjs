// The live stream over HTTPS: nothing is lost and nothing comes twice, while others write and the reader comes and goes.
import assert from 'node:assert/strict'
import { test } from 'node:test'

const origin = new URL(process.env.LEERSPOOR_LINK).origin
const headers = {
  Authorization: 'Basic ' + Buffer.from(`${process.env.LEERSPOOR_KEY}:${process.env.LEERSPOOR_SECRET}`).toString('base64'),
  'X-Experience-API-Version': '2.0.0',
  'Content-Type': 'application/json'
}
const verb = 'http://example.org/verbs/streamed'

async function post(numbers) {
  const body = JSON.stringify(numbers.map((number) => ({
    actor: { mbox: 'mailto:stream@example.org' },
    verb: { id: number % 5 === 0 ? 'http://example.org/verbs/other' : verb },
    object: { id: `http://example.org/streamed/${number}` }
  })))
  assert.equal((await fetch(`${origin}/xapi/statements`, { method: 'POST', headers, body })).status, 200)
}

// Events as they come, until `enough` says so; the id that came last.
async function listen(after, each) {
  const controller = new AbortController()
  const last = after === undefined ? {} : { 'Last-Event-ID': String(after) }
  const response = await fetch(`${origin}/api/v1/statements/live?verb=${encodeURIComponent(verb)}`, { headers: { ...headers, ...last }, signal: controller.signal })
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  let id = after
  let text = ''
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece
    const events = text.split('\n\n')
    text = events.pop()
    for (const event of events) {
      const fields = Object.fromEntries(event.split('\n').filter((line) => !line.startsWith(':')).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
      id = Number(fields.id)
      if (each(fields.data && JSON.parse(fields.data), id)) {
        controller.abort()
        return id
      }
    }
  }
  return id
}

test('A listener that comes and goes sees each statement once, in order', { timeout: 60_000 }, async () => {
  const count = 1500
  const start = await listen(undefined, () => true)
  const writing = (async () => {
    for (let at = 0; at < count; at += 15) await post(Array.from({ length: 15 }, (_, i) => at + i))
  })()
  const seen = []
  let after = start
  while (seen.length < count * 4 / 5) {
    let here = 0
    after = await listen(after, (statement) => {
      if (statement) seen.push(Number(statement.object.id.split('/').pop()))
      return ++here === 2 + seen.length % 83 || seen.length === count * 4 / 5
    })
  }
  await writing
  assert.deepEqual(seen, Array.from({ length: count }, (_, i) => i).filter((i) => i % 5 !== 0))
})

test('What is stored while somebody listens arrives by itself', { timeout: 30_000 }, async () => {
  const arrived = new Promise((done, failed) => {
    let begun = false
    listen(undefined, (statement) => {
      if (!begun) {
        begun = true
        post([1])
      }
      if (statement) done(statement)
      return statement
    }).catch(failed)
  })
  assert.equal((await arrived).object.id, 'http://example.org/streamed/1')
})

test('A listener that leaves is let go at once, though nothing arrives', { timeout: 12_000 }, async () => {
  const connections = async () => Number(/^leerspoor_http_connections (\d+)/m.exec(await (await fetch(`${origin}/metrics`)).text())[1])
  const listeners = Array.from({ length: 20 }, () => new AbortController())
  await Promise.all(listeners.map(async ({ signal }) => {
    const response = await fetch(`${origin}/api/v1/statements/live`, { headers, signal })
    const reader = response.body.getReader()
    await reader.read()
  }))
  assert.ok(await connections() >= 20)
  listeners.forEach((one) => one.abort())
  while (await connections() > 10); // sooner than a sign of life, which would find out too
})

test('Without a key nothing is heard', async () => {
  assert.equal((await fetch(`${origin}/api/v1/statements/live`)).status, 401)
})
