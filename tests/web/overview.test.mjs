// The first account, and what the overview says of statements that this test has sent.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { hasNoSeriousFinding, launch, openPage, origin, screenshot as shoot, zone } from './browser.mjs'

const link = process.env.LEERSPOOR_LINK
const authorization = 'Basic ' + Buffer.from(`${process.env.LEERSPOOR_KEY}:${process.env.LEERSPOOR_SECRET}`).toString('base64')
const days = 28
const password = 'een heel goed wachtwoord'
const verbs = 'http://adlnet.gov/expapi/verbs/'

// Statements of the last 70 days, at noon there, so that no clock decides of which day they are.
const day_ms = 86_400_000
const noon = new Date()
noon.setUTCHours(11, 0, 0, 0)
if (noon > new Date()) noon.setUTCDate(noon.getUTCDate() - 1)
const statements = Array.from({ length: 400 }, (_, i) => {
  const course = i % 3
  const statement = {
    id: randomUUID(),
    timestamp: new Date(noon.getTime() - (i % 70) * day_ms).toISOString(),
    actor: { mbox: `mailto:p${i % 17}@example.nl`, name: `Persoon ${i % 17}` },
    verb: { id: verbs + ['experienced', 'completed', 'passed', 'failed'][i % 4] },
    object: { id: `https://leren.example/les/${i % 11}`, definition: { name: { nl: `Les ${i % 11}`, en: `Lesson ${i % 11}` } } },
    context: { contextActivities: { grouping: [{ id: `https://leren.example/cursus/${course}`, definition: { name: { nl: `Cursus ${course}`, en: `Course ${course}` } } }] } }
  }
  if (i % 5 === 0) statement.result = { duration: `PT${i % 40}M` }
  return statement
})

// How many days ago that was, by the calendar there.
const date_there = (instant) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(instant)
const today = Date.parse(date_there(new Date()))
const is_in = (statement, from, to) => {
  const age = (today - Date.parse(date_there(new Date(statement.timestamp)))) / day_ms
  return age >= from && age < to
}

function figures(from, to) {
  const chosen = statements.filter((one) => is_in(one, from, to))
  const of = (name) => chosen.filter((one) => one.verb.id === verbs + name)
  const minutes = chosen.reduce((sum, one) => sum + Number(/PT(\d+)M/.exec(one.result?.duration ?? 'PT0M')[1]), 0)
  return {
    statements: chosen.length,
    learners: new Set(chosen.map((one) => one.actor.mbox)).size,
    completions: new Set(of('completed').map((one) => one.actor.mbox + one.object.id)).size,
    pass_rate: of('passed').length / (of('passed').length + of('failed').length),
    minutes
  }
}

let browser
let context
let page
let foreign
let complaints
const screenshot = (name) => shoot(page, name)
const has_no_serious_finding = () => hasNoSeriousFinding(page)

const number_of = (text) => Number(text.replace(/[^0-9]/g, ''))
const figure = (id) => page.locator(`section[aria-labelledby="${id}"] p`).first()

before(async () => {
  const stored = await fetch(`${origin}/xapi/statements`, {
    method: 'POST',
    headers: { Authorization: authorization, 'Content-Type': 'application/json', 'X-Experience-API-Version': '1.0.3' },
    body: JSON.stringify(statements)
  })
  assert.equal(stored.status, 200, await stored.text())
  browser = await launch()
  ;({ context, page, foreign, complaints } = await openPage(browser))
})

after(() => browser?.close())

test('The link from the first start makes an account, with the keyboard alone', async () => {
  await page.goto(link)
  await page.getByRole('heading', { name: 'Welkom bij Leerspoor' }).waitFor()
  await has_no_serious_finding()
  await screenshot('welcome')
  await page.keyboard.type('Anna')
  await page.keyboard.press('Tab')
  await page.keyboard.type('te kort')
  await page.keyboard.press('Enter')
  await page.getByText('at least 12').waitFor()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Overzicht' }).waitFor()
  const cookies = await context.cookies()
  assert.deepEqual(cookies.map(({ name, httpOnly, secure, sameSite }) => ({ name, httpOnly, secure, sameSite })),
    [{ name: '__Host-leerspoor', httpOnly: true, secure: true, sameSite: 'Strict' }])
})

test('The link is good once', async () => {
  const response = await fetch(`${origin}/api/v1/invitations/${link.split('/').pop()}`)
  assert.equal(response.status, 404)
})

test('The numbers are those of a plain computation, now and in the period before', async () => {
  const now = figures(0, days)
  const then = figures(days, 2 * days)
  await page.locator('section[aria-labelledby="statements"]').getByText(String(now.statements), { exact: true }).waitFor()
  for (const name of ['statements', 'learners', 'completions']) {
    assert.equal(number_of(await figure(name).textContent()), now[name], name)
    assert.equal(number_of((await page.locator(`section[aria-labelledby="${name}"] p`).nth(1).textContent()).split(' in de ')[0]), then[name], name)
  }
  assert.equal(number_of(await figure('pass_rate').textContent()), Math.round(now.pass_rate * 100))
  const time = /(?:(\d+) u)? ?(?:(\d+) min)?/.exec(await figure('total_seconds').textContent())
  assert.equal(Number(time[1] ?? 0) * 60 + Number(time[2] ?? 0), now.minutes)
})

test('The chart is there, and its numbers as a table', async () => {
  await page.locator('[role="img"] canvas').waitFor()
  await screenshot('overview')
  await page.getByRole('button', { name: 'Als tabel' }).click()
  const cells = page.locator('section[aria-label="Statements per dag"] tbody td.number')
  assert.equal(await cells.count(), days)
  const counts = (await cells.allTextContents()).map(number_of)
  const expected = Array.from({ length: days }, (_, i) => statements.filter((one) => is_in(one, days - 1 - i, days - i)).length)
  assert.deepEqual(counts, expected)
  await page.getByRole('button', { name: 'Als grafiek' }).click()
})

test('Courses have their names, in the language of the reader', async () => {
  const row = (name) => page.locator('section[aria-labelledby="courses"] tbody tr').filter({ hasText: name })
  for (let course = 0; course < 3; ++course) {
    const of = statements.filter((one, i) => i % 3 === course && is_in(one, 0, days))
    const cells = await row(`Cursus ${course}`).locator('td.number').allTextContents()
    assert.deepEqual(cells.map(number_of), [new Set(of.map((one) => one.actor.mbox)).size, of.length])
  }
  await page.goto(`${origin}/?lang=en`)
  await row('Course 1').waitFor()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
})

test('Nothing serious is found by axe, on a phone, a tablet and a wide screen, in the light and in the dark', async () => {
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme })
    for (const width of [360, 768, 1920]) {
      await page.setViewportSize({ width, height: 900 })
      await page.goto(`${origin}/`)
      await page.locator('[role="img"] canvas').waitFor()
      await page.getByText('Cursus 1').waitFor()
      await has_no_serious_finding()
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} wide, it scrolls sideways`)
      await screenshot(`overview-${scheme}-${width}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
})

test('A deep link shows its period', async () => {
  await page.goto(`${origin}/?days=7`)
  await page.locator('section[aria-labelledby="statements"]').getByText(String(figures(0, 7).statements), { exact: true }).waitFor()
})

test('What arrives while somebody watches is shown', async () => {
  const fresh = { ...statements[0], id: randomUUID(), timestamp: new Date().toISOString() }
  const stored = await fetch(`${origin}/xapi/statements`, {
    method: 'POST',
    headers: { Authorization: authorization, 'Content-Type': 'application/json', 'X-Experience-API-Version': '1.0.3' },
    body: JSON.stringify(fresh)
  })
  assert.equal(stored.status, 200)
  await page.locator('section[aria-labelledby="statements"]').getByText(String(figures(0, 7).statements + 1), { exact: true }).waitFor({ timeout: 40_000 })
})

test('An administrator makes and revokes keys, and invites people', async () => {
  await page.getByRole('link', { name: 'Instellingen' }).click()
  await page.getByRole('heading', { name: 'Sleutels' }).waitFor()
  await page.getByLabel('Waar hij voor is').fill('Rooster')
  await page.getByLabel('Wat hij mag').selectOption('statements/read')
  await page.getByRole('button', { name: 'Maak een sleutel' }).click()
  const shown = page.locator('section').filter({ hasText: 'Sleutels' }).locator('code')
  await shown.first().waitFor()
  const [made, secret] = await shown.allTextContents()
  const read = () => fetch(`${origin}/xapi/statements?limit=1`, {
    headers: { Authorization: 'Basic ' + Buffer.from(`${made}:${secret}`).toString('base64'), 'X-Experience-API-Version': '1.0.3' }
  })
  assert.equal((await read()).status, 200)
  await page.getByRole('button', { name: 'Rooster intrekken' }).click()
  await page.getByText('ingetrokken op').waitFor()
  assert.equal((await read()).status, 401)

  await page.getByLabel('Rol', { exact: true }).selectOption('analyst')
  await page.getByRole('button', { name: 'Maak een link' }).click()
  const invited = await page.locator('section').filter({ hasText: 'Mensen' }).locator('code').textContent()
  await has_no_serious_finding()
  await screenshot('settings')
  await page.setViewportSize({ width: 360, height: 800 })
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
  await screenshot('settings-360')
  await page.setViewportSize({ width: 1200, height: 900 })

  const twin = { ...statements[0], id: randomUUID(), timestamp: '2020-01-01T00:00:00Z', actor: { account: { homePage: 'https://leren.example', name: 'p4' }, name: 'Persoon 4' } }
  const stored = await fetch(`${origin}/xapi/statements`, {
    method: 'POST', headers: { Authorization: authorization, 'Content-Type': 'application/json', 'X-Experience-API-Version': '1.0.3' }, body: JSON.stringify(twin)
  })
  assert.equal(stored.status, 200)
  await page.reload()
  await page.getByLabel('Naam in het Nederlands').fill('Academie Waterrijk')
  await page.getByLabel('Kleur').fill('#7a1f5c')
  await page.getByLabel('Tijdzone').fill('Europe/Leerspoor')
  await page.getByRole('button', { name: 'Bewaren' }).click()
  await page.getByText('There is no time zone of this name').waitFor()
  await page.getByLabel('Tijdzone').fill(zone)
  await page.getByRole('button', { name: 'Bewaren' }).click()
  await page.getByRole('banner').getByText('Academie Waterrijk').waitFor()
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('button.main')).backgroundColor), 'rgb(122, 31, 92)')

  // Two who have one name: joined, they are one learner.
  await page.getByRole('button', { name: 'Persoon 4 samenvoegen' }).click()
  await page.getByRole('button', { name: 'Persoon 4 scheiden' }).waitFor()
  await screenshot('settings-personas')
  const learners = async () => (await (await fetch(`${origin}/api/v1/analytics/query`, {
    method: 'POST', headers: { Authorization: authorization, 'Content-Type': 'application/json' }, body: '{"measures":["learners"]}'
  })).json()).rows[0][0]
  assert.equal(await learners(), 17)
  await page.getByRole('button', { name: 'Persoon 4 scheiden' }).click()
  await page.getByRole('button', { name: 'Persoon 4 samenvoegen' }).waitFor()
  assert.equal(await learners(), 18)

  // Somebody else, with another browser.
  const other = await (await browser.newContext({ locale: 'nl-NL', timezoneId: zone })).newPage()
  await other.goto(invited)
  await other.getByLabel('Naam').fill('Bram')
  await other.getByLabel('Wachtwoord').fill('nog een goed wachtwoord')
  await other.keyboard.press('Enter')
  await other.getByRole('heading', { name: 'Overzicht' }).waitFor()
  assert.equal(await other.getByRole('link', { name: 'Instellingen' }).count(), 0)
  await page.reload()
  await page.getByRole('button', { name: 'Bram verwijderen' }).click()
  await page.getByText('Bram').waitFor({ state: 'detached' })
  await other.reload()
  await other.getByRole('heading', { name: 'Inloggen' }).waitFor()
  await other.context().close()
})

test('Signing out ends the session, and a wrong password is said so', async () => {
  await page.getByRole('button', { name: 'Uitloggen' }).click()
  await page.getByRole('heading', { name: 'Inloggen' }).waitFor()
  await has_no_serious_finding()
  await page.getByLabel('Naam').fill('Anna')
  await page.getByLabel('Wachtwoord').fill('niet het wachtwoord')
  await page.getByRole('button', { name: 'Inloggen' }).click()
  await page.getByText('De naam of het wachtwoord klopt niet.').waitFor()
  await screenshot('sign-in')
  await page.getByLabel('Wachtwoord').fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Overzicht' }).waitFor()
})

test('A session that has ended leads to signing in', async () => {
  await context.clearCookies()
  await page.goto(`${origin}/`)
  await page.getByRole('heading', { name: 'Inloggen' }).waitFor()
})

test('No other server was asked, and the browser complained about nothing', async () => {
  assert.deepEqual(foreign, [])
  assert.deepEqual(complaints, [])
  const answer = await fetch(`${origin}/`)
  const policy = answer.headers.get('content-security-policy')
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /unsafe/)
})
