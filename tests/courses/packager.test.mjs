// Packages as npm's simple-scorm-packager makes them, for each version that it knows: taken, played, recorded.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { lesson2004, quiz12 } from './packages.mjs'
import { content, launchBrowser, learner, openPage, saved, Server, verbOf } from './server.mjs'

const require = createRequire(fileURLToPath(new URL('../clients/package.json', import.meta.url)))
const packager = require('simple-scorm-packager')

let server
let browser
const folder = mkdtempSync(join(tmpdir(), 'leerspoor-packager-'))
before(async () => {
  server = await new Server().start()
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function made(version, page) {
  const source = join(folder, version, 'source')
  const output = join(folder, version, 'output')
  mkdirSync(source, { recursive: true })
  mkdirSync(output)
  writeFileSync(join(source, 'index.html'), page)
  await new Promise((done) => packager({ version, organization: 'Leren', title: 'Een pakket', language: 'nl-NL', identifier: `pakket-${version.replaceAll(' ', '-')}`, masteryScore: 80, startingPage: 'index.html', source, package: { version: '1.0.0', zip: true, outputFolder: output } }, done))
  const zips = () => readdirSync(output).filter((one) => one.endsWith('.zip'))
  return readFileSync(join(output, zips()[0]))
}

for (const [version, kind, edition] of [['1.2', 'scorm_1_2', '1.2'], ['2004 3rd Edition', 'scorm_2004', '2004 3rd Edition'], ['2004 4th Edition', 'scorm_2004', '2004 4th Edition']]) {
  test(`SCORM ${version}`, async () => {
    const course = await server.upload(await made(version, version === '1.2' ? quiz12 : lesson2004('Les')))
    assert.deepEqual([course.kind, course.edition, course.activities.length], [kind, edition, 1])
    const launch = await server.launch(course.id, learner('pim'))
    const { page, context } = await openPage(browser)
    await page.goto(await server.begin(launch))
    if (version === '1.2') {
      await content(page).locator('#alarm').click()
      await content(page).locator('#doors').click()
      await content(page).locator('#finish').click()
    } else await content(page).locator('#done').click()
    await saved(page)
    await page.getByRole('button', { name: 'Stop and go on later' }).click()
    await page.getByText('You can close this window').waitFor()
    await context.close()
    const statements = await server.statements(launch.registration)
    const verbs = statements.map(verbOf)
    for (const verb of ['initialized', 'responded', 'passed', 'terminated', 'completed']) assert.ok(verbs.includes(verb), `${verb}: ${verbs}`)
    assert.equal(statements.at(-1).object.id.split('/').pop(), course.id)
  })
}
