// A page of another origin than the record store's, as content is, in Debian's Chromium.
import { X509Certificate, createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

// Trusts the server's certificate and no other.
function spki() {
  const certificate = new X509Certificate(readFileSync(process.env.LEERSPOOR_CERTIFICATE))
  return createHash('sha256').update(certificate.publicKey.export({ type: 'spki', format: 'der' })).digest('base64')
}

// Serves `scripts` on an empty page, with what `answer` gives for other requests, and calls `use` with the page.
export async function in_browser(scripts, answer, use) {
  const files = new Map(scripts.map((path, i) => [`/${i}.js`, readFileSync(path)]))
  const content = createServer((request, response) => {
    const path = request.url.split('?')[0]
    if (files.has(path)) return response.setHeader('Content-Type', 'text/javascript').end(files.get(path))
    const given = answer(request)
    if (given !== undefined) return response.setHeader('Content-Type', 'application/json').end(JSON.stringify(given))
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><title>Content</title>${[...files.keys()].map((name) => `<script src="${name}"></script>`).join('')}`)
  })
  await new Promise((resolve) => content.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${content.address().port}`
  const browser = await chromium.launch({
    executablePath: process.env.LEERSPOOR_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', `--ignore-certificate-errors-spki-list=${spki()}`]
  })
  try {
    const page = await browser.newPage()
    await use(page, origin)
  } finally {
    await browser.close()
    content.close()
  }
}
