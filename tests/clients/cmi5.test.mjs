// @xapi/cmi5 in Chromium: a launch made by hand, as an LMS does it (cmi5 8.1, 10), and a learner's way through it.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { in_browser } from './browser.mjs'
import { authorization, course, endpoint, get, learner } from './lrs.mjs'

const required = createRequire(import.meta.url)
const script = join(dirname(required.resolve('@xapi/cmi5/package.json')), 'dist/Cmi5.umd.js')
const XAPI = required('@xapi/xapi').default ?? required('@xapi/xapi')

test('@xapi/cmi5: a launch, from the fetch of its token to terminated', { timeout: 120_000 }, async () => {
  const actor = { objectType: 'Agent', account: { homePage: 'https://lms.example.com', name: randomUUID() }, name: learner().name }
  const activityId = course()
  const registration = randomUUID()
  const session = randomUUID()
  const lrs = new XAPI({ endpoint, auth: authorization, version: '1.0.3' })
  await lrs.setState({
    agent: actor, activityId, stateId: 'LMS.LaunchData', registration,
    state: {
      contextTemplate: { extensions: { 'https://w3id.org/xapi/cmi5/context/extensions/sessionid': session },
        contextActivities: { grouping: [{ id: `${activityId}/au` }] } },
      launchMode: 'Normal', moveOn: 'CompletedAndPassed', masteryScore: 0.6
    }
  })
  await lrs.setAgentProfile({ agent: actor, profileId: 'cmi5LearnerPreferences', profile: { languagePreference: 'nl-NL', audioPreference: 'on' },
    etag: '*', matchHeader: 'If-None-Match' })

  let tokens = 0
  const answer = (request) => {
    if (request.method !== 'POST' || !request.url.startsWith('/fetch')) return undefined
    tokens += 1
    return { 'auth-token': authorization.slice('Basic '.length) }
  }
  await in_browser([script], answer, async (page, origin) => {
    const launch = new URL(origin)
    launch.search = new URLSearchParams({ endpoint, fetch: `${origin}/fetch?once=${session}`, actor: JSON.stringify(actor), registration, activityId })
    await page.goto(launch.href)
    const preferences = await page.evaluate(async () => {
      const cmi5 = new Cmi5()
      await cmi5.initialize()
      await cmi5.progress(50)
      await cmi5.interactionChoice('test', 'question', ['a', 'b'], ['a', 'b'], [{ id: 'a' }, { id: 'b' }], { nl: 'Vraag' }, { nl: 'Welke?' }, true)
      await cmi5.pass(0.8)
      await cmi5.complete()
      await cmi5.terminate()
      return cmi5.getLearnerPreferences()
    })
    assert.equal(preferences.languagePreference, 'nl-NL')
  })
  assert.equal(tokens, 1)

  const stored = await get(`statements?registration=${registration}&ascending=true`)
  const statements = JSON.parse(stored.text).statements
  assert.deepEqual(statements.map((each) => each.verb.id.split('/').at(-1)),
    ['initialized', 'progressed', 'answered', 'passed', 'completed', 'terminated'])
  for (const each of statements) {
    assert.equal(each.actor.account.name, actor.account.name)
    assert.equal(each.context.extensions['https://w3id.org/xapi/cmi5/context/extensions/sessionid'], session)
  }
  assert.equal(statements[3].result.score.scaled, 0.8)
})
