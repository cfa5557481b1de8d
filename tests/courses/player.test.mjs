// SCORM courses as learners take them, in Chromium: begun, left, gone on with, passed, looked at again; and what is
// recorded of it, to the last statement.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { scorm12, scorm12Parts, scorm2004, scorm2004Sequenced } from './packages.mjs'
import { axe, content, launchBrowser, learner, openPage, saved, Server, verbOf } from './server.mjs'

let server
let browser
before(async () => {
  server = await new Server().start()
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const told = (statements) => statements.map((one) => `${verbOf(one)} ${decodeURIComponent(one.object.id.split('/').pop())}`)
const look = (page, name) => process.env.LEERSPOOR_SCREENSHOTS && page.screenshot({ path: join(process.env.LEERSPOOR_SCREENSHOTS, `${name}.png`) })

async function hasNoSeriousFinding(page) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => globalThis.axe.run({ exclude: ['iframe'] }, { resultTypes: ['violations'] }))
  assert.deepEqual(found.violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => [one.id, one.nodes.map((node) => node.html)]), [])
}

test('SCORM 1.2: answered, left, the server killed, gone on with, passed, and looked at again', async () => {
  const course = await server.upload(scorm12())
  assert.deepEqual([course.kind, course.edition, course.warnings], ['scorm_1_2', '1.2', []])
  const launch = await server.launch(course.id, learner('anna'))
  const { page, context, complaints } = await openPage(browser)
  await page.goto(await server.begin(launch))
  await content(page).locator('#run').click()
  await content(page).locator('#save').click()
  await saved(page)
  await look(page, 'player')
  await hasNoSeriousFinding(page)
  await server.kill()
  await server.start()
  // What is done while the server is away waits in the browser.
  await content(page).locator('#doors').click()
  await saved(page)
  await page.getByRole('button', { name: 'Stop and go on later' }).click()
  await page.getByText('You can close this window').waitFor()
  await context.close()

  const again = await openPage(browser)
  await again.page.goto(await server.begin(launch))
  await content(again.page).locator('#where').getByText('resume|page-2|good=1').waitFor()
  await content(again.page).locator('#alarm').click()
  await content(again.page).locator('#finish').click()
  await saved(again.page)
  await again.page.getByRole('button', { name: 'Stop and go on later' }).click()
  await again.page.getByText('You can close this window').waitFor()
  await again.context.close()

  const statements = await server.statements(launch.registration)
  const id = course.id
  assert.deepEqual(told(statements), ['initialized quiz', 'responded first', 'responded two', 'suspended quiz', 'resumed quiz',
    'responded first', 'passed quiz', 'terminated quiz', `completed ${id}`, `passed ${id}`])
  const [initialized, wrong, two, , , , passed, terminated] = statements
  assert.deepEqual(wrong.result, { response: 'b', success: false, duration: 'PT2.5S' })
  assert.equal(two.result.response, 'd[,]w')
  assert.deepEqual(two.object.definition.correctResponsesPattern, ['d[,]w'])
  assert.deepEqual(passed.result, { success: true, completion: true, score: { scaled: 1, raw: 100, min: 0, max: 100 } })
  assert.equal(terminated.result.completion, true)
  const attempt = `${initialized.object.id}?attemptId=${launch.registration}`
  for (const one of statements.slice(0, 8)) {
    assert.equal(one.context.contextActivities.category[0].id, 'https://w3id.org/xapi/scorm')
    assert.ok(one.context.contextActivities.grouping.some((activity) => activity.id === attempt))
  }
  const state = (activityId, stateId) => server.ask('GET', '/xapi/activities/state?' + new URLSearchParams({
    activityId, stateId, agent: JSON.stringify(learner('anna')), registration: launch.registration }))
  assert.deepEqual((await state(initialized.object.id, 'https://w3id.org/xapi/scorm/activity-state')).json, { attempts: [attempt] })
  const kept = (await state(attempt, 'https://w3id.org/xapi/scorm/attempt-state')).json
  assert.equal(kept.location, 'page-2')
  assert.equal(kept.credit, 'credit')
  assert.match(kept.total_time, /^PT\d/)
  const profile = await server.ask('GET', '/xapi/agents/profile?' + new URLSearchParams({ agent: JSON.stringify(learner('anna')), profileId: 'https://w3id.org/xapi/scorm/agent-profile' }))
  assert.equal(profile.json.learner_id, 'anna')

  // Looking back changes nothing of it.
  const review = await openPage(browser)
  await review.page.goto(await server.begin(await server.launch(course.id, learner('anna'), { mode: 'review' })))
  await content(review.page).locator('#where').getByText('page-2').waitFor()
  await content(review.page).locator('#run').click()
  await content(review.page).locator('#finish').click()
  await saved(review.page)
  await review.context.close()
  assert.deepEqual((await state(attempt, 'https://w3id.org/xapi/scorm/attempt-state')).json, kept)
  const later = (await server.statements(launch.registration)).slice(statements.length)
  assert.ok(later.every((one) => ['initialized', 'terminated', 'suspended'].includes(verbOf(one))), told(later).join())
  assert.deepEqual(complaints, [])
})

test('SCORM 1.2 with several SCOs: prerequisites open parts, and the course is done when all are', async () => {
  const course = await server.upload(scorm12Parts())
  const launch = await server.launch(course.id, learner('bert'))
  const { page, context } = await openPage(browser, { viewport: { width: 390, height: 800 }, locale: 'nl-NL' })
  await page.goto(await server.begin(launch))
  const contents = page.getByRole('navigation', { name: 'Inhoud' })
  await page.getByRole('button', { name: 'Inhoud' }).click()
  assert.ok(await contents.getByRole('button', { name: 'At work' }).isDisabled())
  await look(page, 'player-phone')
  await hasNoSeriousFinding(page)
  await page.getByRole('button', { name: 'Inhoud' }).click()
  for (const name of ['Before a fire', 'At home', 'At work']) {
    await content(page).getByRole('heading', { name }).waitFor()
    await content(page).locator('#done').click()
    await saved(page)
    if (name !== 'At work') await page.getByRole('button', { name: 'Volgende' }).click()
  }
  await page.getByRole('button', { name: 'Stoppen en later verdergaan' }).click()
  await page.getByText('U kunt dit venster sluiten').waitFor()
  await context.close()
  const statements = told(await server.statements(launch.registration))
  assert.equal(statements.filter((one) => one === `completed ${course.id}`).length, 1)
  assert.deepEqual(statements.filter((one) => one.startsWith('completed')).length, 4)
  const { json } = await server.ask('GET', `/api/v1/courses/${course.id}/registrations`)
  assert.deepEqual(json.items[0].activities.map((one) => one.completed), [true, true, true])
})

test('SCORM 2004: judged, suspended by leaving, and the roll-up is the course', async () => {
  const course = await server.upload(scorm2004())
  const launch = await server.launch(course.id, learner('cora'))
  const { page, context } = await openPage(browser)
  await page.goto(await server.begin(launch))
  await content(page).locator('#fail').click()
  await saved(page)
  await content(page).locator('#done').click()
  await saved(page)
  await page.getByRole('button', { name: 'Stop and go on later' }).click()
  await page.getByText('You can close this window').waitFor()
  await context.close()
  const statements = await server.statements(launch.registration)
  assert.deepEqual(told(statements), ['initialized only', 'responded urn:example:understood', 'completed only', 'failed only', 'progressed only',
    'responded urn:example:understood', 'passed only', 'terminated only', `completed ${course.id}`, `passed ${course.id}`])
  assert.equal(statements.find((one) => verbOf(one) === 'terminated').result.duration, 'PT10S')
  assert.equal(statements.at(-1).result.score.scaled, 1)
})

test('SCORM 2004 with sequencing: who passes the first test skips the lesson; who fails does not; left in the middle', async () => {
  const course = await server.upload(scorm2004Sequenced())
  for (const [name, button, next] of [['dirk', '#done', 'The exam'], ['eva', '#fail', 'The lesson']]) {
    const launch = await server.launch(course.id, learner(name))
    const { page, context } = await openPage(browser)
    await page.goto(await server.begin(launch))
    await content(page).getByRole('heading', { name: 'What do you know?' }).waitFor()
    assert.ok(await page.getByRole('button', { name: 'Previous' }).isDisabled())
    await content(page).locator(button).click()
    await saved(page)
    await page.getByRole('button', { name: 'Next' }).click()
    await content(page).getByRole('heading', { name: next }).waitFor()
    await page.getByRole('button', { name: 'Stop and go on later' }).click()
    await page.getByText('You can close this window').waitFor()
    await context.close()
    const again = await openPage(browser)
    await again.page.goto(await server.begin(launch))
    await content(again.page).getByRole('heading', { name: next }).waitFor()
    await again.context.close()
  }
})

test('Who began finishes the old version, until somebody takes them along; what was kept comes along', async () => {
  const course = await server.upload(scorm12((html) => html.replace('Raise the alarm', 'Ring the bell')))
  const launch = await server.launch(course.id, learner('frits'))
  const start = async (button) => {
    const { page, context } = await openPage(browser)
    await page.goto(await server.begin(launch))
    await content(page).getByRole('button', { name: button }).waitFor()
    const leave = async () => {
      await page.getByRole('button', { name: 'Stop and go on later' }).click()
      await page.getByText('You can close this window').waitFor()
      await context.close()
    }
    return { page, leave }
  }
  const first = await start('Ring the bell')
  await content(first.page).locator('#alarm').click()
  await content(first.page).locator('#save').click()
  await saved(first.page)
  await first.leave()
  assert.equal((await server.upload(scorm12((html) => html.replace('Raise the alarm', 'Warn everybody')))).id, course.id)
  await (await start('Ring the bell')).leave()
  assert.match(server.command('course', 'move', course.id), /^\d+ go on with the newest version\.\n$/)
  const last = await start('Warn everybody')
  assert.equal(await content(last.page).locator('#where').textContent(), 'resume|page-2|good=1')
  await last.leave()
  assert.deepEqual((await server.ask('POST', `/api/v1/courses/${course.id}/move`, { body: { registration: launch.registration } })).json, { moved: 0 })
})
