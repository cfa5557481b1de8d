// Chromium, as every test of pages needs it.
import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(fileURLToPath(new URL('../clients/package.json', import.meta.url)))
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

export const origin = new URL(process.env.LEERSPOOR_LINK).origin
export const zone = 'Europe/Amsterdam'

export async function launch() {
  const certificate = new X509Certificate(readFileSync(process.env.LEERSPOOR_CERTIFICATE))
  const spki = createHash('sha256').update(certificate.publicKey.export({ type: 'spki', format: 'der' })).digest('base64')
  return chromium.launch({
    executablePath: process.env.LEERSPOOR_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', `--ignore-certificate-errors-spki-list=${spki}`]
  })
}

// A page of a Dutch reader; `foreign` are requests to others, `complaints` what the browser did not like.
export async function openPage(browser) {
  const context = await browser.newContext({ locale: 'nl-NL', timezoneId: zone, viewport: { width: 1200, height: 900 } })
  const page = await context.newPage()
  const foreign = []
  const complaints = []
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) foreign.push(request.url())
  })
  page.on('console', (message) => {
    // A refused request is what some tests ask for.
    if (message.type() === 'error' && !/status of 40\d/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return { context, page, foreign, complaints }
}

export async function screenshot(page, name) {
  await page.screenshot({ path: join(process.env.LEERSPOOR_SCREENSHOTS, `${name}.png`), fullPage: true })
}

export async function hasNoSeriousFinding(page) {
  // By the debugger, which the page's policy does not bind.
  await page.evaluate(axe)
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  const serious = found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
  assert.deepEqual(serious.map((one) => [one.id, one.nodes.map((node) => node.html)]), [])
}

export const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
