// Courses, learners and statements, as a trainer sees them: what pages show is what a plain computation over the
// statements gives.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { fits, hasNoSeriousFinding, launch, openPage, origin, screenshot } from './browser.mjs'

const headers = {
  Authorization: 'Basic ' + Buffer.from(`${process.env.LEERSPOOR_KEY}:${process.env.LEERSPOOR_SECRET}`).toString('base64'),
  'Content-Type': 'application/json',
  'X-Experience-API-Version': '2.0.0'
}
const verbs = 'http://adlnet.gov/expapi/verbs/'
const course = 'https://leren.example/cursus/brandveilig'
const display = { initialized: 'begon aan', answered: 'beantwoordde', passed: 'haalde', failed: 'haalde niet', completed: 'voltooide' }
const named = (id, name, more) => ({ id, definition: { name: { nl: name, en: `${name} (en)` }, ...more } })
const question = named(`${course}/vraag`, 'Welke blusser?', {
  type: 'http://adlnet.gov/expapi/activities/cmi.interaction', interactionType: 'choice', correctResponsesPattern: ['co2'],
  choices: [{ id: 'co2', description: { nl: 'Koolzuur' } }, { id: 'water', description: { nl: 'Water' } }]
})

// Twelve people of whom ever fewer go on.
const statements = []
const people = Array.from({ length: 12 }, (_, i) => ({ account: { homePage: 'https://leren.example', name: `b${i}` }, name: `Blusser ${i}` }))
people.forEach((actor, i) => {
  const at = (minute) => new Date(Date.now() - 3_600_000 * (i + 1) + minute * 60_000).toISOString()
  const say = (minute, verb, object, result) => statements.push({
    id: randomUUID(), actor, timestamp: at(minute), verb: { id: verbs + verb, display: { nl: display[verb] } }, object, ...(result && { result }),
    context: { contextActivities: { grouping: [named(course, 'Brandveilig werken')] } }
  })
  const whole = named(course, 'Brandveilig werken')
  say(0, 'initialized', whole)
  if (i < 10) say(5, 'answered', question, { response: i % 3 ? 'co2' : 'water', success: i % 3 !== 0, duration: 'PT30S' })
  if (i < 8) say(6, i < 6 ? 'passed' : 'failed', named(`${course}/toets`, 'Toets'), { score: { scaled: i < 6 ? 0.9 : 0.3 }, success: i < 6 })
  if (i < 5) say(7, 'completed', whole, { completion: true, duration: 'PT20M' })
})

const post = async (body) => {
  const stored = await fetch(`${origin}/xapi/statements`, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.equal(stored.status, 200, await stored.text())
}
const of = (verb) => statements.filter((one) => one.verb.id === verbs + verb).length
const numbers = async (cells) => (await cells.allTextContents()).map((text) => Number(text.replace(/[^0-9]/g, '')))

let browser
let page
let foreign
let complaints

before(async () => {
  await post(statements)
  browser = await launch()
  ;({ page, foreign, complaints } = await openPage(browser))
  const printed = execFileSync(process.env.LEERSPOOR_PROGRAM,
    ['person', 'add', '--role', 'trainer', '--data', process.env.LEERSPOOR_DATA_FOLDER, '--json'], { encoding: 'utf8' })
  await page.goto(origin + JSON.parse(printed).path)
  await page.getByLabel('Naam').fill('Tom')
  await page.getByLabel('Wachtwoord').fill('het wachtwoord van Tom')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Overzicht' }).waitFor()
})

after(() => browser?.close())

test('When people learn, and what happens now, stand on the overview', async () => {
  const hours = page.getByRole('region', { name: 'Wanneer er geleerd wordt' })
  await hours.locator('td span').first().waitFor()
  assert.equal(await hours.locator('td span').count(), 7 * 24)
  await page.getByText('Wat er nu gebeurt').waitFor()
  await page.locator('section[aria-labelledby="now"] li').first().waitFor()
})

test('The keyboard alone leads to a course', async () => {
  await page.getByRole('link', { name: 'Cursussen', exact: true }).focus()
  await page.keyboard.press('Enter')
  const row = page.locator('tr').filter({ hasText: 'Brandveilig werken' })
  await row.waitFor()
  const [learners, completions, passed] = await numbers(row.locator('td.number'))
  assert.deepEqual([learners, completions, passed], [12, of('completed'), Math.round(100 * (6 + 6) / 18)])
  await screenshot(page, 'courses')
  await row.getByRole('link').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Brandveilig werken' }).waitFor()
})

test('A course shows how far people get, its parts, its scores and its questions', async () => {
  await page.goto(`${origin}/courses?course=${encodeURIComponent(course)}`)
  const steps = page.locator('section[aria-labelledby="funnel"] tbody tr')
  await steps.first().waitFor()
  assert.deepEqual(await numbers(steps.locator('td:nth-child(2)')), [12, of('answered'), of('passed'), of('completed')])
  const part = page.locator('section[aria-labelledby="parts"] tr').filter({ hasText: 'Toets' })
  assert.equal((await numbers(part.locator('td.number')))[0], 8)
  assert.deepEqual(await numbers(page.locator('section[aria-labelledby="scores"] td.number')), [2, 6])
  const answers = page.locator('section[aria-labelledby="questions"] tbody tr')
  assert.deepEqual(await answers.locator('td:first-child').allTextContents(), ['Koolzuur goed', 'Water'])
  assert.deepEqual(await numbers(answers.locator('td.number')), [6, 4])
  await page.getByText('10 lerenden, 60% meteen goed, 30 s.').waitFor()
  await screenshot(page, 'course')
})

test('A learner is found by a part of the name, and has a page with courses and a trail', async () => {
  await page.goto(`${origin}/learners`)
  await page.getByLabel('Deel van een naam').fill('blusser 3')
  await page.getByText('1 van 1 lerenden').waitFor()
  assert.equal(new URL(page.url()).search, '?name=blusser+3')
  await screenshot(page, 'learners')
  await page.getByRole('link', { name: 'Blusser 3' }).click()
  await page.getByRole('heading', { name: 'Blusser 3' }).waitFor()
  const own = statements.filter((one) => one.actor === people[3])
  const trail = page.locator('section[aria-labelledby="trail"] li')
  await trail.first().waitFor()
  assert.equal(await trail.count(), own.length)
  await trail.filter({ hasText: 'Blusser 3 haalde Toets · 90%' }).waitFor()
  const row = page.locator('section[aria-labelledby="of-course"] tbody tr')
  assert.deepEqual((await numbers(row.locator('td.number'))).slice(0, 4), [own.length, 1, 90, 21])
  await screenshot(page, 'learner')
})

test('Statements are sentences, filtered by the address, with their JSON and as a curl command', async () => {
  await page.goto(`${origin}/statements?${new URLSearchParams({ verb: verbs + 'failed', activity: `${course}/toets` })}`)
  const found = page.locator('section[aria-labelledby="found"] li')
  await found.first().waitFor()
  assert.equal(await found.count(), of('failed'))
  await found.first().getByText('Als JSON').click()
  const told = JSON.parse(await found.first().locator('pre').textContent())
  assert.equal(told.verb.id, verbs + 'failed')
  await page.getByText('Als curl-opdracht').click()
  const command = await page.locator('details > pre').last().textContent()
  const asked = new URL(/'(https:[^']+)'$/.exec(command)[1])
  assert.equal((await (await fetch(asked, { headers })).json()).statements.length, of('failed'))
  await page.getByLabel('Werkwoord').fill(verbs + 'answered')
  await page.getByLabel('Activiteit').fill('')
  await page.getByRole('button', { name: 'Tonen', exact: true }).click()
  await found.first().waitFor()
  assert.equal(new URL(page.url()).searchParams.get('verb'), verbs + 'answered')
  assert.equal(await found.count(), of('answered'))
  await screenshot(page, 'statements')
})

test('What is stored while somebody watches appears by itself, and what refers to another leads there', async () => {
  await page.goto(`${origin}/statements?verb=${encodeURIComponent(verbs + 'voided')}`)
  await page.getByText('Hier zijn geen statements.').waitFor()
  const target = { ...statements[0], id: randomUUID(), actor: people[4] }
  const comment = { id: randomUUID(), actor: people[5], verb: { id: `${verbs}commented` }, object: { objectType: 'StatementRef', id: target.id } }
  await post([target])
  await page.goto(`${origin}/statements?verb=${encodeURIComponent(`${verbs}commented`)}`)
  await page.getByText('Hier zijn geen statements.').waitFor()
  await post([comment])
  await page.getByRole('link', { name: 'een ander statement' }).click()
  await page.getByText('Blusser 4 begon aan Brandveilig werken').waitFor()
})

test('A statement that was declared void says so, and its attachment can be saved', async () => {
  const sha2 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
  const target = { ...statements[1], id: randomUUID(), actor: people[4], attachments: [
    { usageType: 'https://leren.example/bewijs', display: { nl: 'Bewijs' }, contentType: 'text/plain', length: 5, sha2 }] }
  const body = `--b\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(target)}\r\n--b\r\nContent-Type: text/plain\r\n` +
    `Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: ${sha2}\r\n\r\nhello\r\n--b--\r\n`
  const stored = await fetch(`${origin}/xapi/statements`, { method: 'POST', headers: { ...headers, 'Content-Type': 'multipart/mixed; boundary=b' }, body })
  assert.equal(stored.status, 200, await stored.text())
  await page.goto(`${origin}/statements?statementId=${target.id}`)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Bewijs' }).click()])
  const parts = []
  for await (const part of await download.createReadStream()) parts.push(part)
  assert.equal(Buffer.concat(parts).toString(), 'hello')
  await post([{ actor: people[5], verb: { id: `${verbs}voided` }, object: { objectType: 'StatementRef', id: target.id } }])
  await page.goto(`${origin}/statements?verb=${encodeURIComponent(`${verbs}voided`)}`)
  await page.getByRole('link', { name: 'een ander statement' }).click()
  await page.getByText('Dit statement is ongeldig verklaard en telt nergens mee.').waitFor()
})

test('Two courses, and two periods, are compared', async () => {
  const other = 'https://leren.example/cursus/tillen'
  await post(people.slice(0, 3).map((actor, i) => ({
    actor, timestamp: new Date(Date.now() - 400 * 86_400_000).toISOString(), verb: { id: verbs + (i < 2 ? 'passed' : 'failed') },
    object: named(other, 'Tillen'), result: { success: i < 2 }
  })))
  await page.goto(`${origin}/courses`)
  await page.getByRole('link', { name: 'Vergelijken' }).click()
  await page.getByLabel('Het een').selectOption({ label: 'Brandveilig werken' })
  await page.getByLabel('Het ander').selectOption({ label: 'Tillen' })
  const row = (name) => page.locator('tr').filter({ has: page.getByRole('rowheader', { name, exact: true }) }).locator('td.number')
  await row('Actieve lerenden').first().waitFor()
  assert.deepEqual(await row('Actieve lerenden').allTextContents(), ['12', '3', '-75%'])
  assert.deepEqual(await row('Geslaagd').allTextContents(), ['67%', '67%', '0 punten'])
  await screenshot(page, 'compare')
  await page.reload()
  await row('Actieve lerenden').first().waitFor()
  await page.getByLabel('Wat', { exact: true }).selectOption({ label: 'Twee perioden' })
  const day = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
  const fill = async (side, first, last) => {
    const days = page.getByRole('group', { name: side })
    await days.getByLabel('Van').fill(first)
    await days.getByLabel('Tot en met').fill(last)
  }
  await fill('Het een', day(402), day(398))
  await fill('Het ander', day(300), day(299))
  await row('Actieve lerenden').first().waitFor()
  assert.deepEqual(await row('Actieve lerenden').allTextContents(), ['3', '0', '-100%'])
  await hasNoSeriousFinding(page)
})

test('The trail of a person with two identities has what both did', async () => {
  const agents = ['jan@leren.example', 'j.jansen@leren.example'].map((mbox) => ({ mbox: `mailto:${mbox}`, name: 'Jan Jansen' }))
  const said = (actor, days, verb) => ({
    actor, timestamp: new Date(Date.now() - days * 86_400_000).toISOString(), verb: { id: verbs + verb, display: { nl: display[verb] } },
    object: named('https://leren.example/cursus/privacy', 'Privacy')
  })
  await post([said(agents[0], 20, 'initialized'), said(agents[1], 10, 'passed'), said(agents[1], 10, 'completed')])
  const administrator = await openPage(browser)
  const printed = execFileSync(process.env.LEERSPOOR_PROGRAM,
    ['person', 'add', '--role', 'administrator', '--data', process.env.LEERSPOOR_DATA_FOLDER, '--json'], { encoding: 'utf8' })
  await administrator.page.goto(origin + JSON.parse(printed).path)
  await administrator.page.getByLabel('Naam').fill('Ada')
  await administrator.page.getByLabel('Wachtwoord').fill('het wachtwoord van Ada')
  await administrator.page.keyboard.press('Enter')
  await administrator.page.getByRole('link', { name: 'Instellingen' }).click()
  await administrator.page.getByRole('button', { name: 'Jan Jansen samenvoegen' }).click()
  await administrator.page.getByRole('button', { name: 'Jan Jansen scheiden' }).waitFor()
  await administrator.context.close()
  await page.goto(`${origin}/learners?agent=${encodeURIComponent(JSON.stringify({ mbox: agents[1].mbox }))}`)
  const days = page.locator('section[aria-labelledby="trail"] section')
  await days.nth(1).waitFor()
  assert.deepEqual(await Promise.all([0, 1].map((at) => days.nth(at).locator('li').count())), [2, 1])
  await days.first().getByRole('link', { name: 'Privacy' }).first().waitFor()
  await page.getByText('Eén persoon: jan@leren.example, j.jansen@leren.example').waitFor()
  await screenshot(page, 'persona')
})

test('More than a page of statements is loaded when it is asked for', async () => {
  await page.goto(`${origin}/statements`)
  const found = page.locator('section[aria-labelledby="found"] li')
  await found.nth(49).waitFor()
  await page.getByRole('button', { name: 'Oudere' }).click()
  await found.nth(99).waitFor()
})

test('Nothing serious is found by axe on any page, on a phone and on a wide screen, in the light and in the dark', async () => {
  const person = encodeURIComponent(JSON.stringify({ account: people[1].account }))
  const pages = [['/', '#courses'], ['/courses', 'td a'], [`/courses?course=${encodeURIComponent(course)}`, '#questions'], ['/learners', 'td a'],
    [`/learners?agent=${person}`, '#trail + * li'], ['/statements', '#found + * li']]
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme })
    for (const width of [360, 1920]) {
      await page.setViewportSize({ width, height: 900 })
      for (const [path, there] of pages) {
        await page.goto(origin + path)
        await page.locator(there).first().waitFor()
        await hasNoSeriousFinding(page)
        assert.ok(await fits(page), `${path} scrolls sideways, ${width} wide`)
        await screenshot(page, `page${path.split('?')[0].replace('/', '-')}${path.includes('?') ? '-one' : ''}-${scheme}-${width}`)
      }
    }
  }
})

test('A learner has no pages about others', async () => {
  const printed = execFileSync(process.env.LEERSPOOR_PROGRAM,
    ['person', 'add', '--role', 'learner', '--data', process.env.LEERSPOOR_DATA_FOLDER, '--json'], { encoding: 'utf8' })
  const { page: other, context } = await openPage(browser)
  await other.goto(origin + JSON.parse(printed).path)
  await other.getByLabel('Naam').fill('Lena')
  await other.getByLabel('Wachtwoord').fill('het wachtwoord van Lena')
  await other.keyboard.press('Enter')
  await other.getByRole('heading', { name: 'Mijn cursussen' }).waitFor()
  assert.deepEqual(await other.locator('nav a').allTextContents(), ['Mijn cursussen'])
  await other.goto(`${origin}/statements`)
  await other.getByRole('heading', { name: 'Mijn cursussen' }).waitFor()
  await context.close()
})

test('No other server was asked, and the browser complained about nothing', () => {
  assert.deepEqual(foreign, [])
  assert.deepEqual(complaints, [])
})
