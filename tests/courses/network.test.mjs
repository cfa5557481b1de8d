// Networks that fail, browsers that die, a second device: nothing that was acknowledged is lost, nothing is doubled.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { scorm12, scorm2004 } from './packages.mjs'
import { content, launchBrowser, learner, openPage, saved, Server, verbOf } from './server.mjs'

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

const answered = (statements) => statements.filter((one) => verbOf(one) === 'responded').map((one) => `${one.object.id.split('/').pop()} ${one.result.response}`)
const unique = (statements) => assert.equal(new Set(statements.map((one) => one.id)).size, statements.length)

test('The network is cut in the middle: what is done waits in the browser, and comes once', async () => {
  const course = await server.upload(scorm12())
  const launch = await server.launch(course.id, learner('fien'))
  const { page, context } = await openPage(browser)
  await page.goto(await server.begin(launch))
  await content(page).locator('#run').click()
  await saved(page)
  await context.setOffline(true)
  await content(page).locator('#doors').click()
  await page.locator('.state[data-saving="offline"]').waitFor()
  await content(page).locator('#alarm').click()
  await context.setOffline(false)
  await saved(page)
  await page.waitForFunction(() => Object.keys(localStorage).every((key) => !key.startsWith('leerspoor')))
  const statements = await server.statements(launch.registration)
  unique(statements)
  assert.deepEqual(answered(statements), ['first b', 'two d[,]w', 'first a'])
  await context.close()
})

test('A page closed while the network is away: the next start sends what was left', async () => {
  const course = await server.upload(scorm12())
  const launch = await server.launch(course.id, learner('gijs'))
  const { page, context } = await openPage(browser)
  await page.goto(await server.begin(launch))
  await content(page).locator('#run').click()
  await saved(page)
  await context.setOffline(true)
  await content(page).locator('#doors').click()
  await page.locator('.state[data-saving="offline"]').waitFor()
  await page.close()
  await context.setOffline(false)
  const again = await context.newPage()
  await again.goto(await server.begin(launch))
  // A session that ended without a word may still go on elsewhere.
  await again.getByRole('button', { name: 'Go on here' }).click()
  await content(again).locator('#where').getByText('resume|page-2|good=1').waitFor()
  await saved(again)
  const statements = await server.statements(launch.registration)
  unique(statements)
  assert.deepEqual(answered(statements), ['first b', 'two d[,]w'])
  await context.close()
})

test('Two devices: the second is told, takes over, and the first records nothing more', async () => {
  const course = await server.upload(scorm2004())
  const launch = await server.launch(course.id, learner('hugo'))
  const one = await openPage(browser)
  await one.page.goto(await server.begin(launch))
  await content(one.page).locator('#fail').click()
  await saved(one.page)
  const two = await openPage(browser)
  await two.page.goto(await server.begin(launch))
  await two.page.getByText('This course is open in another window or on another device too').waitFor()
  await two.page.getByRole('button', { name: 'Go on here' }).click()
  await content(two.page).locator('body[data-location="end"]').waitFor({ state: 'attached' })
  await content(two.page).locator('#done').click()
  await saved(two.page)
  const before = (await server.statements(launch.registration)).length
  await content(one.page).locator('#fail').click()
  await one.page.getByText('You went on in another window or on another device').waitFor()
  const statements = await server.statements(launch.registration)
  assert.equal(statements.length, before)
  unique(statements)
  await one.context.close()
  await two.context.close()
})

test('A browser that is killed during a commit loses what was never sent, and doubles nothing', async () => {
  const course = await server.upload(scorm12())
  const launch = await server.launch(course.id, learner('ine'))
  const dying = await launchBrowser()
  const { page } = await openPage(dying)
  await page.goto(await server.begin(launch))
  await content(page).locator('#run').click()
  await saved(page)
  const acknowledged = await server.statements(launch.registration)
  // The answer to this commit never comes.
  await page.route('**/-/run', async (route) => {
    const { pathname, host } = new URL(route.request().url())
    await server.ask('POST', pathname, { host, as: '', body: route.request().postData() })
    await dying.close()
  })
  await content(page).locator('#doors').click().catch(() => {})
  await content(page).locator('#save').click().catch(() => {})
  await new Promise((done) => (dying.isConnected() ? dying.once('disconnected', done) : done()))
  const { page: next, context } = await openPage(browser)
  await next.goto(await server.begin(launch))
  await next.getByRole('button', { name: 'Go on here' }).click()
  await content(next).locator('#where').getByText('resume|page-2|good=1').waitFor()
  await saved(next)
  const statements = await server.statements(launch.registration)
  unique(statements)
  assert.deepEqual(statements.slice(0, acknowledged.length).map((one) => one.id), acknowledged.map((one) => one.id))
  assert.deepEqual(answered(statements), ['first b', 'two d[,]w'])
  await context.close()
})

test('A commit that comes again changes nothing, whatever became of its answer; a wrong one is refused', async () => {
  const course = await server.upload(scorm12())
  const launch = await server.launch(course.id, learner('joop'))
  const url = new URL(await server.begin(launch))
  const commit = (body) => server.ask('POST', `${url.pathname}-/run`, { host: url.host, as: '', body })
  const first = { sco: 'quiz', number: 1, initialized: true, changes: { 'cmi.core.lesson_status': 'incomplete', 'cmi.suspend_data': 'x'.repeat(64_000) }, removed: [] }
  assert.deepEqual((await commit(first)).json, { revision: 1 })
  assert.deepEqual((await commit(first)).json, { revision: 1 })
  await server.kill()
  await server.start()
  assert.deepEqual((await commit(first)).json, { revision: 1 })
  assert.equal((await server.statements(launch.registration)).length, 1)
  const code = async (body) => (await commit(body)).json.code
  assert.equal(await code({ ...first, number: 0 }), 'commit_invalid')
  assert.equal(await code({ ...first, number: 2, sco: 'other' }), 'commit_invalid')
  assert.equal(await code({ ...first, number: 2, changes: { 'window.location': 'x' } }), 'commit_invalid')
  assert.equal(await code({ ...first, number: 2, changes: { 'cmi.suspend_data': 'x'.repeat(5 << 20) } }), 'commit_too_large')
  assert.equal(await code('[]'), 'api_body_invalid')
  assert.equal((await server.statements(launch.registration)).length, 1)
})
