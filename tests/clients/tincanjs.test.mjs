// TinCanJS 0.50, the client of many authoring tools.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { course, endpoint, get, key, learner, secret, statement } from './lrs.mjs'

const TinCan = createRequire(import.meta.url)('tincanjs')
const lrs = new TinCan.LRS({ endpoint, username: key, password: secret, allowFail: false })

// Its callbacks get an error, null or a status, and a result.
const call = (method, ...words) => new Promise((resolve, reject) => {
  const options = typeof words.at(-1) === 'object' && words.at(-1).is_options ? words.pop() : {}
  lrs[method](...words, { ...options, callback: (error, result) => (error === null ? resolve(result) : reject(Object.assign(new Error(`${method}: ${error}`), { status: error, result }))) })
})
const options = (values) => ({ ...values, is_options: true })

test('tincanjs: statements are stored, found, and followed by more', async () => {
  const actor = learner()
  const ids = Array.from({ length: 5 }, () => randomUUID())
  await call('saveStatement', new TinCan.Statement(statement(actor, course(), ids[0])))
  await call('saveStatements', ids.slice(1).map((id) => new TinCan.Statement(statement(actor, course(), id))))
  const found = await call('retrieveStatement', ids[0])
  assert.equal(found.actor.mbox, actor.mbox)
  let page = await call('queryStatements', options({ params: { agent: new TinCan.Agent(actor), limit: 2, ascending: true } }))
  const seen = page.statements.map((each) => each.id)
  while (page.more) {
    page = await call('moreStatements', options({ url: page.more }))
    seen.push(...page.statements.map((each) => each.id))
  }
  assert.deepEqual(seen, ids)
})

test('tincanjs: a resend is accepted, another statement with the id is not', async () => {
  const one = statement(learner(), course())
  const sent = new TinCan.Statement(one) // which gives itself a timestamp
  await call('saveStatement', sent)
  await call('saveStatement', sent)
  await assert.rejects(call('saveStatement', new TinCan.Statement({ ...one, verb: { id: 'http://example.com/other' } })),
    (error) => error.status === 409)
})

test('tincanjs: State is saved, read, changed with its hash, listed and dropped', async () => {
  const place = options({ agent: new TinCan.Agent(learner()), activity: new TinCan.Activity({ id: course() }), registration: randomUUID() })
  const json = (values) => options({ ...place, contentType: 'application/json', ...values })
  await call('saveState', 'bookmark', { page: 1 }, json({}))
  const read = await call('retrieveState', 'bookmark', place)
  assert.deepEqual(read.contents, { page: 1 })
  await call('saveState', 'bookmark', { page: 2 }, json({ lastSHA1: read.etag.replaceAll('"', '') }))
  await assert.rejects(call('saveState', 'bookmark', { page: 3 }, json({ lastSHA1: read.etag.replaceAll('"', '') })),
    (error) => error.status === 412)
  await call('saveState', 'bookmark', { seen: true }, json({ method: 'POST' }))
  assert.deepEqual((await call('retrieveState', 'bookmark', place)).contents, { page: 2, seen: true })
  assert.deepEqual(await call('retrieveStateIds', place), ['bookmark'])
  await call('dropState', 'bookmark', place)
  assert.equal(await call('retrieveState', 'bookmark', place), null)
})

test('tincanjs: profiles of agents and activities', async () => {
  const agent = options({ agent: new TinCan.Agent(learner()), contentType: 'application/json' })
  await call('saveAgentProfile', 'preferences', { language: 'nl' }, agent)
  assert.deepEqual((await call('retrieveAgentProfile', 'preferences', agent)).contents, { language: 'nl' })
  const activity = options({ activity: new TinCan.Activity({ id: course() }), contentType: 'application/json' })
  await call('saveActivityProfile', 'map', { a: 1 }, activity)
  assert.deepEqual((await call('retrieveActivityProfile', 'map', activity)).contents, { a: 1 })
  assert.deepEqual(await call('retrieveActivityProfileIds', activity), ['map'])
})

test('tincanjs: attachments go in', async () => {
  const one = new TinCan.Statement(statement(learner(), course()))
  const attachment = new TinCan.Attachment({ usageType: 'http://example.com/note', display: { en: 'Note' }, contentType: 'text/plain' })
  attachment.setContentFromString('A note by Sanne')
  one.attachments = [attachment]
  await call('saveStatement', one)
  assert.match((await get(`statements?statementId=${one.id}&attachments=true`)).text, /A note by Sanne/)
})
