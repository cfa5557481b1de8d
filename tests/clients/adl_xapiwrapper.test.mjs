// ADL's wrapper for Node.js.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { course, endpoint, key, learner, secret, statement } from './lrs.mjs'

const adl = createRequire(import.meta.url)('adl-xapiwrapper')
const lrs = new adl.XAPIWrapper({ url: endpoint, auth: { user: key, pass: secret } })

const call = (method, ...words) => new Promise((resolve, reject) => {
  lrs[method](...words, (error, response, body) => {
    if (error) return reject(error)
    const is_json = response.headers['content-type']?.startsWith('application/json') && body
    resolve({ status: response.statusCode, headers: response.headers, body: is_json ? JSON.parse(body) : body })
  })
})

test('adl-xapiwrapper: finds the store in order', async () => {
  assert.equal(await new Promise((resolve) => lrs.testConfig(resolve)), true)
})

test('adl-xapiwrapper: statements are stored and followed by more', async () => {
  const actor = learner()
  const ids = Array.from({ length: 5 }, () => randomUUID())
  const sent = await call('sendStatements', ids.map((id) => statement(actor, course(), id)))
  assert.equal(sent.status, 200)
  let page = await call('getStatements', { agent: JSON.stringify(actor), limit: 2, ascending: true }, null)
  const seen = page.body.statements.map((each) => each.id)
  while (page.body.more) {
    page = await call('getStatements', null, page.body.more)
    seen.push(...page.body.statements.map((each) => each.id))
  }
  assert.deepEqual(seen, ids)
})

test('adl-xapiwrapper: State and profiles', async () => {
  const actor = learner()
  const activity = course()
  assert.equal((await call('sendState', activity, actor, 'bookmark', null, { page: 1 }, null, null)).status, 204)
  assert.equal((await call('sendState', activity, actor, 'bookmark', null, { seen: true }, null, null)).status, 204)
  assert.deepEqual((await call('getState', activity, actor, 'bookmark', null, null)).body, { page: 1, seen: true })
  assert.equal((await call('sendActivityProfile', activity, 'map', { a: 1 }, null, '*')).status, 204)
  assert.equal((await call('sendActivityProfile', activity, 'map', { a: 2 }, null, '*')).status, 412)
  const read = await call('getActivityProfile', activity, 'map', null)
  assert.deepEqual(read.body, { a: 1 })
  assert.equal((await call('sendActivityProfile', activity, 'map', { a: 2 }, read.headers.etag, null)).status, 204)
  assert.equal((await call('sendAgentProfile', actor, 'preferences', { language: 'nl' }, null, '*')).status, 204)
  assert.deepEqual((await call('getAgentProfile', actor, 'preferences', null)).body, { language: 'nl' })
})
