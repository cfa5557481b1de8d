// @xapi/xapi 3, in 1.0.3 and 2.0.
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { authorization, course, endpoint, get, learner, statement, verb } from './lrs.mjs'

const required = createRequire(import.meta.url)('@xapi/xapi')
const XAPI = required.default ?? required

for (const version of ['1.0.3', '2.0.0']) {
  const lrs = new XAPI({ endpoint, auth: authorization, version })

  test(`@xapi/xapi ${version}: statements are stored, found, voided`, async () => {
    const actor = learner()
    const one = statement(actor, course())
    const sent = await lrs.sendStatement({ statement: one })
    assert.deepEqual(sent.data, [one.id])
    const found = await lrs.getStatement({ statementId: one.id })
    assert.equal(found.data.actor.mbox, actor.mbox)
    const many = [1, 2, 3].map(() => statement(actor, course()))
    assert.deepEqual((await lrs.sendStatements({ statements: many })).data, many.map((each) => each.id))
    await lrs.voidStatement({ actor, statementId: one.id })
    await assert.rejects(lrs.getStatement({ statementId: one.id }), (error) => error.response.status === 404)
    assert.equal((await lrs.getVoidedStatement({ voidedStatementId: one.id })).data.id, one.id)
  })

  test(`@xapi/xapi ${version}: pages are followed by more`, async () => {
    const actor = learner()
    const ids = Array.from({ length: 7 }, () => randomUUID())
    await lrs.sendStatements({ statements: ids.map((id) => statement(actor, course(), id)) })
    let page = await lrs.getStatements({ agent: actor, limit: 3, ascending: true })
    const seen = page.data.statements.map((each) => each.id)
    while (page.data.more) {
      page = await lrs.getMoreStatements({ more: page.data.more })
      seen.push(...page.data.statements.map((each) => each.id))
    }
    assert.deepEqual(seen, ids)
  })

  test(`@xapi/xapi ${version}: State with concurrency`, async () => {
    const place = { agent: learner(), activityId: course(), stateId: 'bookmark', registration: randomUUID() }
    await lrs.createState({ ...place, state: { page: 1 } })
    await lrs.createState({ ...place, state: { seen: true } })
    const read = await lrs.getState(place)
    assert.deepEqual(read.data, { page: 1, seen: true })
    await lrs.setState({ ...place, state: { page: 2 }, etag: read.headers.etag, matchHeader: 'If-Match' })
    await assert.rejects(lrs.setState({ ...place, state: { page: 3 }, etag: read.headers.etag, matchHeader: 'If-Match' }),
      (error) => error.response.status === 412)
    assert.deepEqual((await lrs.getState(place)).data, { page: 2 })
    assert.deepEqual((await lrs.getStates(place)).data, ['bookmark'])
    await lrs.deleteState(place)
    await assert.rejects(lrs.getState(place), (error) => error.response.status === 404)
  })

  test(`@xapi/xapi ${version}: profiles with concurrency`, async () => {
    const agent = learner()
    const of_agent = { agent, profileId: 'preferences' }
    await lrs.setAgentProfile({ ...of_agent, profile: { language: 'nl' }, etag: '*', matchHeader: 'If-None-Match' })
    await assert.rejects(lrs.setAgentProfile({ ...of_agent, profile: {}, etag: '*', matchHeader: 'If-None-Match' }),
      (error) => error.response.status === 412)
    const read = await lrs.getAgentProfile(of_agent)
    assert.deepEqual(read.data, { language: 'nl' })
    await lrs.deleteAgentProfile({ ...of_agent, etag: read.headers.etag })
    const of_activity = { activityId: course(), profileId: 'map' }
    await lrs.createActivityProfile({ ...of_activity, profile: { a: 1 } })
    await lrs.createActivityProfile({ ...of_activity, profile: { b: 2 } })
    assert.deepEqual((await lrs.getActivityProfile(of_activity)).data, { a: 1, b: 2 })
    assert.deepEqual((await lrs.getActivityProfiles({ activityId: of_activity.activityId })).data, ['map'])
  })

  test(`@xapi/xapi ${version}: attachments go in and come back`, async () => {
    const content = 'A certificate for Sanne: één.'
    const bytes = new TextEncoder().encode(content)
    const one = {
      ...statement(learner(), course()),
      attachments: [{ usageType: 'http://example.com/certificate', display: { en: 'Certificate' }, contentType: 'text/plain',
        length: bytes.length, sha2: createHash('sha256').update(bytes).digest('hex') }]
    }
    // With axios in Node.js this client sends them as application/octet-stream; with fetch, as in browsers, it does not.
    const lrs = new XAPI({ endpoint, auth: authorization, version, adapter: 'fetch' })
    await lrs.sendStatement({ statement: one, attachments: [bytes.buffer] })
    const stored = await get(`statements?statementId=${one.id}&attachments=true`)
    assert.match(stored.text, /A certificate for Sanne: één\./)
    const [back, ...parts] = (await lrs.getStatement({ statementId: one.id, attachments: true })).data
    assert.equal(back.id, one.id)
    assert.equal(parts.length, 1)
  })

  test(`@xapi/xapi ${version}: about, agents and activities`, async () => {
    assert.ok((await lrs.getAbout()).data.version.includes('1.0.3'))
    const actor = learner()
    const activity = course()
    await lrs.sendStatement({ statement: { actor, verb, object: statement(actor, activity).object } })
    assert.deepEqual((await lrs.getAgent({ agent: actor })).data.name, ['Sanne'])
    assert.equal((await lrs.getActivity({ activityId: activity })).data.definition.name.nl, 'Een cursus')
  })
}
