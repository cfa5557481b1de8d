// As a privacy officer would: find a learner, see who looked, preview an erasure, do it, keep the certificate.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fits, hasNoSeriousFinding, launch, openPage, origin, screenshot } from './browser.mjs'

const headers = {
  Authorization: 'Basic ' + Buffer.from(`${process.env.LEERSPOOR_KEY}:${process.env.LEERSPOOR_SECRET}`).toString('base64'),
  'Content-Type': 'application/json',
  'X-Experience-API-Version': '2.0.0'
}
const person = { account: { homePage: 'https://leren.example', name: 'vergeetmij' } }
const of = (agent) => fetch(`${origin}/xapi/statements?agent=${encodeURIComponent(JSON.stringify(agent))}`, { headers }).then((answer) => answer.json())

let browser
let page
let foreign
let complaints

async function signIn(role, name) {
  const opened = await openPage(browser)
  const printed = execFileSync(process.env.LEERSPOOR_PROGRAM,
    ['person', 'add', '--role', role, '--data', process.env.LEERSPOOR_DATA_FOLDER, '--json'], { encoding: 'utf8' })
  await opened.page.goto(origin + JSON.parse(printed).path)
  await opened.page.getByLabel('Naam').fill(name)
  await opened.page.getByLabel('Wachtwoord').fill(`het wachtwoord van ${name}`)
  await opened.page.keyboard.press('Enter')
  await opened.page.getByRole('heading', { name: 'Overzicht' }).waitFor()
  return opened
}

before(async () => {
  const statements = Array.from({ length: 12 }, (_, i) => ({
    actor: i < 7 ? { ...person, name: 'Vera Vergeetmij' } : { mbox: 'mailto:docent@leren.example' },
    verb: { id: 'https://leren.example/deed', display: { nl: 'deed' } }, object: { id: 'https://leren.example/les' },
    ...(i >= 10 ? { context: { instructor: person } } : {})
  }))
  const stored = await fetch(`${origin}/xapi/statements`, { method: 'POST', headers, body: JSON.stringify(statements) })
  assert.equal(stored.status, 200)
  browser = await launch()
  ;({ page, foreign, complaints } = await signIn('administrator', 'Petra'))
})

after(() => browser?.close())

test('An administrator finds a learner, and previews an erasure', async () => {
  await page.goto(`${origin}/learners`)
  await page.getByLabel('Deel van een naam').fill('Vergeetmij')
  await page.getByRole('link', { name: 'Vera Vergeetmij' }).click()
  await page.locator('main').getByRole('link', { name: 'Privacy' }).click()
  await page.getByLabel('Reden').first().fill('op verzoek')
  await page.getByRole('button', { name: 'Voorbeeld' }).click()
  await page.getByText('7 statements zouden worden gewist, 2 gewijzigd').waitFor()
  await hasNoSeriousFinding(page)
  assert.equal((await of(person)).statements.length, 7)
})

test('What is held is not erased', async () => {
  const holds = page.getByRole('form', { name: 'Bewaarplichten' })
  await holds.getByLabel('Reden').fill('zaak 7')
  await holds.getByRole('button', { name: 'Vasthouden' }).click()
  await page.getByText('zaak 7').waitFor()
  await page.getByRole('button', { name: /Voorgoed wissen/ }).click()
  await page.getByText('A legal hold keeps what is to be erased').waitFor()
  await page.getByRole('button', { name: /vrijgeven/ }).click()
  await page.getByText('zaak 7').waitFor({ state: 'detached' })
})

test('It is done, and its certificate can be kept', async () => {
  await page.getByRole('button', { name: /Voorgoed wissen/ }).click()
  const link = page.getByRole('link', { name: 'Certificaat bewaren' })
  await link.waitFor()
  await page.getByText('7 statements gewist, 2 gewijzigd').waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  const [certificate, ...note] = readFileSync(await download.path(), 'utf8').split('\n\n')
  assert.equal(JSON.parse(certificate).statements_erased, 7)
  assert.ok(note.join('\n\n').includes(`/erasure\n${createHash('sha256').update(certificate).digest('hex')}\n`))
  assert.deepEqual((await of(person)).statements, [])
})

test('Who looked, and asked, is told', async () => {
  await page.goto(`${origin}/privacy`)
  await page.getByRole('heading', { name: 'Wie heeft gekeken' }).waitFor()
  await page.getByText('person Petra vroeg te wissen of te bewaren').first().waitFor()
  await page.getByText('key web las statements').first().waitFor()
  await hasNoSeriousFinding(page)
  await screenshot(page, 'privacy')
  await page.setViewportSize({ width: 360, height: 900 })
  assert.ok(await fits(page))
  await screenshot(page, 'privacy-360')
})

test('An administrator forwards to another server, sees what is the matter, and ends it', async () => {
  await page.setViewportSize({ width: 1200, height: 900 })
  await page.goto(`${origin}/settings`)
  const form = page.getByRole('form', { name: 'Van en naar andere servers' })
  await form.getByLabel('Wat', { exact: true }).selectOption('forward')
  await form.getByLabel('URL').fill('http://127.0.0.1:9/xapi')
  await form.getByLabel('Sleutel').fill('k')
  await form.getByLabel('Geheim').fill('g')
  await form.getByRole('button', { name: 'Beginnen' }).click()
  await page.getByText('The other server does not answer').waitFor()
  await hasNoSeriousFinding(page)
  await screenshot(page, 'relays')
  await page.getByRole('button', { name: 'http://127.0.0.1:9/xapi verwijderen' }).click()
  await page.getByText('http://127.0.0.1:9/xapi').waitFor({ state: 'detached' })
})

test('An export each week is put into a folder', async () => {
  await page.goto(`${origin}/exports`)
  await page.getByLabel('Vorm').selectOption('transcript')
  await page.getByLabel('Hoe vaak').selectOption('week')
  await page.getByRole('button', { name: 'Exporteren' }).click()
  const schedules = page.getByRole('region', { name: 'Geplande exports' })
  await schedules.getByText('Elke week, in een map').waitFor()
  await hasNoSeriousFinding(page)
  await schedules.getByRole('button').click()
  await schedules.waitFor({ state: 'detached' })
})

test('An auditor sees what was done, and can do nothing', async () => {
  const auditor = await signIn('auditor', 'Aya')
  await auditor.page.goto(`${origin}/privacy`)
  await auditor.page.getByText('7 statements gewist, 2 gewijzigd').waitFor()
  assert.equal(await auditor.page.getByRole('button', { name: 'Voorbeeld' }).count(), 0)
  assert.equal(await auditor.page.getByRole('button', { name: 'Vasthouden' }).count(), 0)
  await auditor.context.close()
})

test('No other server was asked, and the browser complained about nothing', () => {
  assert.deepEqual(foreign, [])
  // The hold is answered with 409, which browsers write down.
  assert.deepEqual(complaints.filter((one) => !one.includes('409')), [])
})
