// The demonstration's own courses, one package of each kind, read and answered to their ends in Chromium.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { axe, content, launchBrowser, learner, openPage, saved, Server, verbOf } from './server.mjs'

const made = JSON.parse(readFileSync(new URL('../../server/demo/courses/courses.json', import.meta.url)))
let server
let browser
let courses
before(async () => {
  server = Object.assign(new Server('--statements', '50'), { mode: 'demo' })
  await server.start()
  browser = await launchBrowser()
  courses = (await server.ask('GET', '/api/v1/courses')).json.items
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const unitOf = (course, id) => course.units.find((one) => one.id === id)
// Reads a unit to its end; `place` is where its page is. Answers right, or with what is not.
async function study(place, unit, right = true) {
  for (const page of unit.pages) {
    await place.getByRole('heading', { level: 2, name: page.title }).waitFor()
    await place.getByRole('button', { name: 'Verder', exact: true }).click()
  }
  for (const question of unit.questions) {
    await place.getByRole('heading', { level: 2, name: question.text }).waitFor()
    const choice = question.choices.find((one) => (one.id === question.right) === right)
    await place.getByRole('button', { name: choice.text, exact: true }).click()
    await place.getByRole('button', { name: 'Verder', exact: true }).click()
  }
  await place.getByRole('heading', { level: 2, name: unit.questions.length === 0 ? 'Klaar' : right ? 'Geslaagd' : 'Nog niet geslaagd', exact: true }).waitFor()
}
const told = (statements) => statements.map((one) => `${verbOf(one)} ${decodeURIComponent(one.object.id.split('/').pop())}`)
async function opened(kind, edition, more, who = 'sanne') {
  const course = made.find((one) => one.kind === kind && one.edition === edition)
  const info = courses.find((one) => Object.values(one.titles).includes(course.title.nl))
  const launch = await server.launch(info.id, learner(who), more)
  const { page, context, complaints } = await openPage(browser, { locale: 'nl-NL' })
  await page.goto(await server.begin(launch))
  return { course, info, launch, page, complaints, close: () => context.close() }
}
async function hasNoFinding(page, frame) {
  await frame.evaluate(axe)
  const found = await frame.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  assert.deepEqual(found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]), [])
}

test('A course of each kind is there, without a warning, once', async () => {
  assert.deepEqual(courses.map((one) => one.kind).sort(), ['cmi5', 'scorm_1_2', 'scorm_2004', 'scorm_2004', 'xapi'])
  for (const one of courses) assert.deepEqual((await server.ask('GET', `/api/v1/courses/${one.id}`)).json.warnings, [], JSON.stringify(one.titles))
  await server.kill('SIGTERM')
  await server.start()
  assert.deepEqual((await server.ask('GET', '/api/v1/courses')).json.items.map((one) => one.id), courses.map((one) => one.id))
})

test('SCORM 1.2 and 2004: begun, left in the middle, gone on with and passed', async () => {
  for (const [kind, edition] of [['scorm12', undefined], ['scorm2004', '3rd']]) {
    const { course, launch, info, page, complaints, close } = await opened(kind, edition)
    const unit = course.units[0]
    await content(page).getByRole('heading', { name: unit.pages[0].title }).waitFor()
    await hasNoFinding(page, page.frames().at(-1))
    for (const { title } of unit.pages) {
      await content(page).getByRole('heading', { name: title }).waitFor()
      await content(page).getByRole('button', { name: 'Verder', exact: true }).click()
    }
    await content(page).getByRole('heading', { name: unit.questions[0].text }).waitFor()
    await saved(page)
    if (process.env.LEERSPOOR_SCREENSHOTS) await page.screenshot({ path: join(process.env.LEERSPOOR_SCREENSHOTS, `demo-${kind}.png`) })
    await page.getByRole('button', { name: 'Stoppen en later verdergaan' }).click()
    await page.getByText('U kunt dit venster sluiten').waitFor()
    await page.goto(await server.begin(launch))
    await study(content(page), { pages: [], questions: unit.questions })
    await saved(page)
    await page.getByRole('button', { name: 'Stoppen en later verdergaan' }).click()
    await page.getByText('U kunt dit venster sluiten').waitFor()
    await close()
    const statements = told(await server.statements(launch.registration))
    const answered = unit.questions.map((one) => (kind === 'scorm12' ? one.id : `urn:x-leerspoor-demo:${one.id}`))
    assert.deepEqual(statements.filter((one) => one.startsWith('responded')), answered.map((id) => `responded ${id}`))
    for (const one of ['suspended ' + unit.id, 'resumed ' + unit.id, 'passed ' + unit.id, `passed ${info.id}`]) assert.equal(statements.filter((other) => other === one).length, 1, one)
    assert.deepEqual(complaints, [])
  }
})

test('SCORM 2004 with sequencing: who knows it skips the lesson, who does not reads it; the test decides', async () => {
  for (const knows of [true, false]) {
    const { course, info, launch, page, close } = await opened('scorm2004', '4th', {}, knows ? 'daan' : 'noor')
    await saved(page)
    // What is saved is told without moving what somebody is about to press.
    const heights = await page.evaluate(() => ['', 'Bewaren …', 'Alles is bewaard'].map((text) => {
      document.querySelector('.state').textContent = text
      return document.querySelector('header').offsetHeight
    }))
    assert.equal(new Set(heights).size, 1, String(heights))
    const next = () => page.getByRole('button', { name: 'Volgende' }).click()
    await study(content(page), unitOf(course, 'vooraf'), knows)
    await saved(page)
    await next()
    if (!knows) {
      await study(content(page), unitOf(course, 'les'))
      await saved(page)
      await next()
    }
    await study(content(page), unitOf(course, 'toets'))
    await saved(page)
    await page.getByRole('button', { name: 'Stoppen en later verdergaan' }).click()
    await page.getByText('U kunt dit venster sluiten').waitFor()
    await close()
    const statements = told(await server.statements(launch.registration))
    assert.equal(statements.includes('initialized les'), !knows)
    for (const verb of ['completed', 'passed']) assert.equal(statements.filter((one) => one === `${verb} ${info.id}`).length, 1, `${verb} ${statements}`)
  }
})

test('cmi5: two units, read and answered, satisfy the course', async () => {
  const course = made.find((one) => one.kind === 'cmi5')
  let registration
  for (const unit of course.units) {
    const { launch, page, complaints, close } = await opened('cmi5', undefined, { registration, node: `https://academie.waterrijk.example/${course.id}/${unit.id}` })
    registration = launch.registration
    const said = page.waitForResponse((response) => response.request().postData()?.includes(unit.questions.length ? '/verbs/passed' : '/verbs/completed') ?? false)
    await study(page, unit)
    await said
    await hasNoFinding(page, page.mainFrame())
    await close()
    assert.deepEqual(complaints, [])
  }
  const verbs = (await server.statements(registration)).map(verbOf)
  assert.equal(verbs.filter((one) => one === 'answered').length, 2)
  assert.equal(verbs.filter((one) => one === 'satisfied').length, 2, verbs.join(' '))
})

test('xAPI: a link tells the store where to', async () => {
  const { course, launch, page, close } = await opened('tincan')
  const said = page.waitForResponse((response) => response.request().postData()?.includes('/verbs/passed') ?? false)
  await study(page, course.units[0])
  await said
  await close()
  const statements = await server.statements(launch.registration)
  for (const verb of ['initialized', 'answered', 'completed', 'passed']) assert.equal(statements.filter((one) => verbOf(one) === verb).length, 1, verb)
})
