// ADL's wrapper for browsers, as content uses it: in a page of another origin.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { in_browser } from './browser.mjs'
import { course, endpoint, key, learner, secret, statement } from './lrs.mjs'

const script = createRequire(import.meta.url).resolve('xapiwrapper/dist/xapiwrapper.min.js')
const nothing = () => undefined

// Runs in the page: every call of the wrapper answers through a callback with an XMLHttpRequest.
const conversation = async ({ endpoint, key, secret, actor, activity, one, more }) => {
  ADL.XAPIWrapper.changeConfig({ endpoint, auth: 'Basic ' + btoa(`${key}:${secret}`), strictCallbacks: true })
  const call = (method, ...words) => new Promise((resolve) => {
    ADL.XAPIWrapper[method](...words, (error, xhr) => {
      resolve({ status: xhr.status, etag: xhr.getResponseHeader('ETag'), through: xhr.getResponseHeader('X-Experience-API-Consistent-Through'), text: xhr.responseText })
    })
  })
  const said = { origin: location.origin }
  said.sent = await call('sendStatement', one)
  said.sent_many = await call('sendStatements', more)
  said.page = await call('getStatements', { agent: JSON.stringify(actor), limit: 2, ascending: true }, null)
  said.next = await call('getStatements', null, JSON.parse(said.page.text).more)
  said.state = await call('sendState', activity, actor, 'bookmark', null, { page: 1 }, null, null)
  said.state_read = await call('getState', activity, actor, 'bookmark', null, null)
  said.profile = await call('sendActivityProfile', activity, 'map', { a: 1 }, null, '*')
  said.profile_again = await call('sendActivityProfile', activity, 'map', { a: 2 }, null, '*')
  said.profile_read = await call('getActivityProfile', activity, 'map', null)
  said.profile_changed = await call('sendActivityProfile', activity, 'map', { a: 2 }, said.profile_read.etag.replaceAll('"', ''), null)
  said.state_gone = await call('deleteState', activity, actor, 'bookmark', null, null, null)
  const content = 'A note by Sanne: één'
  const with_note = { ...one, id: ADL.ruuid() }
  said.attached = await new Promise((resolve) => {
    const attachment = { type: { usageType: 'http://example.com/note', display: { en: 'Note' }, contentType: 'text/plain', length: 0 }, value: content }
    ADL.XAPIWrapper.sendStatement(with_note, (error, xhr) => resolve({ status: xhr.status, text: xhr.responseText }), [attachment])
  })
  return said
}

test('xapiwrapper in Chromium, across origins: statements, more, State, profiles and attachments', { timeout: 120_000 }, async () => {
  const actor = learner()
  const activity = course()
  const one = statement(actor, activity)
  const more = [1, 2].map(() => statement(actor, activity))
  await in_browser([script], nothing, async (page, origin) => {
    await page.goto(origin)
    const said = await page.evaluate(conversation, { endpoint, key, secret, actor, activity, one, more })
    assert.equal(said.origin, origin)
    assert.equal(said.sent.status, 200, said.sent.text)
    assert.equal(said.sent_many.status, 200, said.sent_many.text)
    const ids = [...JSON.parse(said.page.text).statements, ...JSON.parse(said.next.text).statements].map((each) => each.id)
    assert.deepEqual(ids, [one, ...more].map((each) => each.id))
    assert.match(said.page.through, /^\d{4}-/, 'a script of another origin reads Consistent-Through')
    assert.equal(said.state.status, 204)
    assert.deepEqual(JSON.parse(said.state_read.text), { page: 1 })
    assert.equal(said.profile.status, 204)
    assert.equal(said.profile_again.status, 412)
    assert.match(said.profile_read.etag, /^"/, 'a script of another origin reads ETag')
    assert.equal(said.profile_changed.status, 204)
    assert.equal(said.state_gone.status, 204)
    assert.equal(said.attached.status, 200, said.attached.text)
  })
})
