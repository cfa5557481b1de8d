// The pages of courses as trainers and learners use them: a package dropped, a report, a link and its QR code, one's own
// courses.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { cmi5, scorm12, scorm12Parts } from './packages.mjs'
import { axe, content, launchBrowser, openPage, saved, Server } from './server.mjs'

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

async function signIn(role, name, more = {}) {
  const opened = await openPage(browser, { locale: 'nl-NL', ...more })
  await opened.page.goto(server.origin + JSON.parse(server.command('person', 'add', '--role', role, '--json')).path)
  await opened.page.getByLabel('Naam').fill(name)
  await opened.page.getByLabel('Wachtwoord').fill(`het wachtwoord van ${name}`)
  await opened.page.keyboard.press('Enter')
  await opened.page.getByRole('heading', { level: 1 }).waitFor()
  await opened.page.getByRole('button', { name: 'Uitloggen' }).waitFor()
  return opened
}
async function looksGood(page, name) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  assert.deepEqual(found.violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => [one.id, one.nodes.map((node) => node.html)]), [])
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} does not fit`)
  if (process.env.LEERSPOOR_SCREENSHOTS) await page.screenshot({ path: join(process.env.LEERSPOOR_SCREENSHOTS, `${name}.png`), fullPage: true })
}
const file = (name, bytes) => ({ name, mimeType: 'application/zip', buffer: bytes })

test('A trainer drops packages, is told what is wrong, and gives a link; a learner follows it', async () => {
  const { page, context, complaints } = await signIn('trainer', 'Tine')
  await page.goto(`${server.origin}/library`)
  await page.getByText('Er is hier nog geen cursus.').waitFor()
  const input = page.locator('input[type=file]')
  await input.setInputFiles(file('kapot.zip', Buffer.from('not a zip file at all')))
  await page.getByRole('alert').getByText('This is no zip file').waitFor()
  for (const [name, bytes, title] of [['brand.zip', scorm12(), 'Fire safety'], ['cmi5.zip', cmi5(), 'A cmi5 course'], ['delen.zip', scorm12Parts(), 'Three parts']]) {
    await input.setInputFiles(file(name, bytes))
    await page.getByRole('status').getByText(`${title} staat erin.`).waitFor()
  }
  await looksGood(page, 'library')
  await page.getByRole('link', { name: 'Three parts' }).click()
  await page.getByRole('heading', { name: 'Three parts' }).waitFor()
  await page.getByText('At work').first().waitFor()
  await page.getByText('Er is nog niemand begonnen.').waitFor()
  await page.getByLabel('Lerende', { exact: true }).fill('lars')
  await page.getByRole('button', { name: 'Link maken' }).click()
  const link = page.getByRole('link', { name: /\/launch\// })
  const url = await link.textContent()
  assert.ok(await page.getByAltText('De link als QR-code').evaluate((image) => image.complete && image.naturalWidth > 0))
  await looksGood(page, 'course')

  const learner = await openPage(browser, { locale: 'nl-NL' })
  await learner.page.goto(url)
  await content(learner.page).locator('#done').click()
  await saved(learner.page)
  await learner.context.close()
  await page.getByText('1 van 3 klaar').waitFor()
  await page.setViewportSize({ width: 360, height: 800 })
  await looksGood(page, 'course-phone')

  await page.locator('input[type=file]').setInputFiles(file('delen.zip', scorm12Parts({ name: 'later.txt', bytes: 'a later version' })))
  const older = page.getByText('1 lerende gaat verder met een oudere versie.')
  await older.waitFor()
  await page.getByRole('button', { name: 'Meenemen naar de nieuwste' }).click()
  await older.waitFor({ state: 'detached' })
  await page.getByText('1 van 3 klaar').waitFor()
  assert.deepEqual(complaints, [])
  await context.close()
})

test('A learner finds courses, starts one, leaves, and goes on', async () => {
  const { page, context, complaints } = await signIn('learner', 'Loes', { viewport: { width: 390, height: 800 } })
  await page.getByRole('heading', { name: 'Mijn cursussen' }).waitFor()
  await looksGood(page, 'learn-phone')
  await page.getByRole('button', { name: 'Beginnen: Fire safety' }).click()
  await content(page).locator('#run').click()
  await saved(page)
  await page.getByRole('button', { name: 'Stoppen en later verdergaan' }).click()
  await page.getByRole('heading', { name: 'Mijn cursussen' }).waitFor()
  await page.getByRole('button', { name: 'Verdergaan waar u was: Fire safety' }).click()
  await content(page).locator('#where').getByText('resume|page-2').waitFor()
  // Pages for others are not hers.
  assert.equal((await page.request.get(`${server.origin}/api/v1/courses`)).status(), 403)
  assert.deepEqual(complaints, [])
  await context.close()
})

test('A link that has expired, or never was, says so', async () => {
  const { page, context } = await openPage(browser, { locale: 'nl-NL' })
  await page.goto(`${server.origin}/launch/none`)
  await page.getByText('Deze link is niet meer geldig').waitFor()
  await context.close()
})
