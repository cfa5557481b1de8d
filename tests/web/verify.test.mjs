// As an auditor would: export with proof on a page, verify on another, by the command line and by a second verifier;
// and whatever is changed in a bundle, all three find it.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { verifyBundle } from '../audit/verify-bundle.mjs'
import { fits, hasNoSeriousFinding, launch, openPage, origin, screenshot } from './browser.mjs'

const headers = {
  Authorization: 'Basic ' + Buffer.from(`${process.env.LEERSPOOR_KEY}:${process.env.LEERSPOOR_SECRET}`).toString('base64'),
  'Content-Type': 'application/json',
  'X-Experience-API-Version': '2.0.0'
}
const changes = Number(process.env.LEERSPOOR_CHANGES ?? 60)
const folder = mkdtempSync(join(tmpdir(), 'leerspoor-verify-'))
const keyFile = join(folder, 'key.txt')
const person = { account: { homePage: 'https://leren.example', name: 'controle' } }

let browser
let page
let foreign
let complaints
let bundle
let keys

const commandSays = (file) => spawnSync(process.env.LEERSPOOR_PROGRAM, ['verify-export', file, '--public-key', keyFile], { encoding: 'utf8' })
const scriptHolds = (zip) => {
  try {
    return verifyBundle(zip, keys).statements
  } catch {
    return false
  }
}

before(async () => {
  const statements = Array.from({ length: 30 }, (_, i) => ({
    actor: { ...person, name: 'Cor Controle' }, verb: { id: 'https://leren.example/deed', display: { nl: 'deed' } },
    object: { id: `https://leren.example/les/${i}`, definition: { name: { nl: `Les ${i} – “één”` } } }
  }))
  const others = statements.map((one) => ({ ...one, actor: { mbox: 'mailto:ander@leren.example' } }))
  const stored = await fetch(`${origin}/xapi/statements`, { method: 'POST', headers, body: JSON.stringify(statements.flatMap((one, i) => [one, others[i]])) })
  assert.equal(stored.status, 200)
  keys = await (await fetch(`${origin}/api/v1/log/key`)).text()
  writeFileSync(keyFile, keys)
  browser = await launch()
  ;({ page, foreign, complaints } = await openPage(browser))
  const printed = execFileSync(process.env.LEERSPOOR_PROGRAM,
    ['person', 'add', '--role', 'auditor', '--data', process.env.LEERSPOOR_DATA_FOLDER, '--json'], { encoding: 'utf8' })
  await page.goto(origin + JSON.parse(printed).path)
  await page.getByLabel('Naam').fill('Aad')
  await page.getByLabel('Wachtwoord').fill('het wachtwoord van Aad')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Overzicht' }).waitFor()
})

after(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('An auditor finds a learner, and exports with proof', async () => {
  await page.goto(`${origin}/learners`)
  await page.getByLabel('Deel van een naam').fill('controle')
  await page.getByRole('link', { name: 'Cor Controle' }).click()
  await page.getByRole('link', { name: 'Als export, met bewijs' }).click()
  await page.getByRole('button', { name: 'Exporteren' }).click()
  const link = page.getByRole('link', { name: /Opslaan: 30 statements/ })
  await link.waitFor()
  await hasNoSeriousFinding(page)
  await screenshot(page, 'exports')
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  bundle = join(folder, 'bundle.zip')
  await download.saveAs(bundle)
})

test('The command line and a second verifier say that it holds', () => {
  const said = commandSays(bundle)
  assert.equal(said.status, 0, said.stdout + said.stderr)
  assert.match(said.stdout, /^It holds\.\n/)
  assert.equal(scriptHolds(readFileSync(bundle)), 30)
})

test('The page says so too, without signing in, and finds a change', async () => {
  const { page: other, context, foreign: asked } = await openPage(browser)
  // The file is there before the key: it waits.
  let give
  const given = new Promise((done) => (give = done))
  await other.route('**/log/key', async (route) => {
    await given
    await route.continue()
  })
  await other.goto(`${origin}/verify`)
  await other.getByLabel('Sleep een bundel hierheen').setInputFiles(bundle)
  give()
  await other.getByRole('heading', { name: 'Het klopt', exact: true }).waitFor()
  await other.getByText('Alle 30 statements zijn precies zo opgeslagen').waitFor()
  await hasNoSeriousFinding(other)
  await other.setViewportSize({ width: 360, height: 900 })
  assert.ok(await fits(other))
  await screenshot(other, 'verify')
  const zip = Buffer.from(readFileSync(bundle))
  const at = zip.indexOf('Les 7')
  zip[at] ^= 1
  const changed = join(folder, 'changed.zip')
  writeFileSync(changed, zip)
  await other.getByLabel('Sleep een bundel hierheen').setInputFiles(changed)
  await other.getByRole('heading', { name: 'Het klopt niet' }).waitFor()
  await other.getByText('Het statement in regel 8 is niet wat is opgeslagen.').waitFor()
  await screenshot(other, 'verify-changed')
  await other.getByLabel('Openbare sleutel van het logboek').fill('none')
  await other.getByText('Dit is geen openbare sleutel.').waitFor()
  assert.deepEqual(asked, [])
  await context.close()
})

test(`Of ${changes} changes each is found by all three`, async () => {
  const { page: other, context } = await openPage(browser)
  await other.goto(`${origin}/verify`)
  const good = readFileSync(bundle)
  const changed = join(folder, 'changed.zip')
  const random = (below) => Math.floor(Math.random() * below)
  for (let i = 0; i < changes; ++i) {
    let zip = Buffer.from(good)
    const at = random(zip.length)
    if (i % 3 === 0) zip[at] ^= 1 << random(8)
    if (i % 3 === 1) zip = Buffer.concat([zip.subarray(0, at), zip.subarray(at + 1)])
    if (i % 3 === 2) zip = Buffer.concat([zip.subarray(0, at), Buffer.from([random(256)]), zip.subarray(at)])
    assert.equal(scriptHolds(zip), false, `change ${i % 3} at ${at}`)
    writeFileSync(changed, zip)
    const said = commandSays(changed)
    assert.equal(said.status, 1, said.stdout + said.stderr)
    assert.match(said.stdout, /^It does not hold\.\n- /)
    if (i % 10 !== 0) continue
    await other.getByLabel('Sleep een bundel hierheen').setInputFiles(changed)
    await other.getByRole('heading', { name: 'Het klopt niet' }).waitFor()
    await other.getByLabel('Sleep een bundel hierheen').setInputFiles(bundle)
    await other.getByRole('heading', { name: 'Het klopt', exact: true }).waitFor()
  }
  await context.close()
})

test('Good bundles all hold', async () => {
  for (let i = 0; i < changes / 5; ++i) {
    const filter = i % 2 ? { agent: person, activity: `https://leren.example/les/${i % 30}` } : { verb: 'https://leren.example/deed' }
    let job = await (await fetch(`${origin}/api/v1/exports`, { method: 'POST', headers, body: JSON.stringify({ filter }) })).json()
    while (job.state === 'waiting' || job.state === 'running') job = await (await fetch(`${origin}/api/v1/exports/${job.id}`, { headers })).json()
    const zip = Buffer.from(await (await fetch(`${origin}${job.href}`, { headers })).arrayBuffer())
    assert.equal(scriptHolds(zip), job.statements)
    const good = join(folder, 'good.zip')
    writeFileSync(good, zip)
    assert.equal(commandSays(good).status, 0)
    await fetch(`${origin}/api/v1/exports/${job.id}`, { method: 'DELETE', headers })
  }
})

test('The command line prints the key, and lets another one sign', () => {
  const log = (command) => execFileSync(process.env.LEERSPOOR_PROGRAM, ['log', command, '--data', process.env.LEERSPOOR_DATA_FOLDER], { encoding: 'utf8' })
  assert.equal(log('key'), keys)
  const rotated = log('rotate-key')
  assert.equal(rotated.split('\n').slice(1).join('\n'), keys)
  writeFileSync(keyFile, rotated)
  assert.equal(commandSays(bundle).status, 0)
  keys = rotated
})

test('The command line exports through the server that runs', () => {
  const output = join(folder, 'by-command.zip')
  const said = execFileSync(process.env.LEERSPOOR_PROGRAM,
    ['export', '--data', process.env.LEERSPOOR_DATA_FOLDER, '--agent', JSON.stringify(person), '--output', output], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  assert.match(said, / has 30 statements\.\n$/)
  assert.equal(commandSays(output).status, 0)
})

test('A backup of the server that runs is restored to a folder that has the same', () => {
  const run = (...words) => execFileSync(process.env.LEERSPOOR_PROGRAM, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const backups = join(folder, 'backups')
  assert.match(run('backup', '--data', process.env.LEERSPOOR_DATA_FOLDER, '--to', backups), /^Backup 1 of /)
  assert.match(run('restore', '--from', backups), /^Backup 1 of /)
  const data = join(folder, 'restored')
  run('restore', '--from', backups, '--data', data)
  for (const from of [process.env.LEERSPOOR_DATA_FOLDER, data]) assert.match(run('verify', '--data', from), /^Everything fits: /)
  const [one, other] = [process.env.LEERSPOOR_DATA_FOLDER, data].map((from, at) => {
    const output = join(folder, `all-${at}.jsonl`)
    run('export', '--data', from, '--format', 'jsonl', '--output', output)
    return readFileSync(output)
  })
  assert.ok(one.equals(other))
  // And by import, through nothing but the file.
  const imported = join(folder, 'imported')
  assert.match(run('import', '--data', imported, join(folder, 'all-0.jsonl')), / statements were taken, 0 were not\.\n$/)
  const again = join(folder, 'again.jsonl')
  run('export', '--data', imported, '--format', 'jsonl', '--output', again)
  const ids = (text) => text.toString().split('\n').filter(Boolean).map((line) => JSON.parse(line).id)
  assert.deepEqual(ids(readFileSync(again)), ids(one))
  assert.equal(spawnSync(process.env.LEERSPOOR_PROGRAM, ['restore', '--from', backups, '--data', data]).status, 1)
})

test('No other server was asked, and the browser complained about nothing', () => {
  assert.deepEqual(foreign, [])
  assert.deepEqual(complaints, [])
})
