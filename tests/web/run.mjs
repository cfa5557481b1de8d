// Starts the server on a free port of the loopback with a new data folder, takes the link to the first account from
// what it prints, runs every *.test.mjs, and ends the server.
//
//   node run.mjs --server PATH/leerspoor [--screenshots FOLDER]
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const words = process.argv.slice(2)
const option = (name) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined)
const patience = 60_000

const folder = mkdtempSync(join(tmpdir(), 'leerspoor-web-'))
const screenshots = resolve(option('--screenshots') ?? join(folder, 'screenshots'))
mkdirSync(screenshots, { recursive: true })
const key = 'web'
const secret = 'a secret for the tests'
const running = spawn(option('--server'), ['serve', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0', '--log-level', 'warning', '--export-folder', join(folder, 'scheduled')],
  { env: { ...process.env, LEERSPOOR_KEY: key, LEERSPOOR_SECRET: secret }, stdio: ['ignore', 'pipe', 'inherit'] })
const ended = new Promise((done) => running.on('exit', done))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => running.kill('SIGTERM'))

// The link that a new user follows.
const link = new Promise((found, failed) => {
  let printed = ''
  const patient = setTimeout(() => failed(new Error(`no link in what the server printed: ${printed}`)), patience)
  running.stdout.on('data', (text) => {
    printed += text
    const at = /Make the first account: (\S+)\n/.exec(printed)
    if (!at) return
    clearTimeout(patient)
    found(at[1])
  })
  running.on('exit', () => failed(new Error('the server ended')))
})

let status = 1
try {
  const env = {
    ...process.env,
    NODE_EXTRA_CA_CERTS: join(folder, 'data', 'tls', 'cert.pem'),
    LEERSPOOR_CERTIFICATE: join(folder, 'data', 'tls', 'cert.pem'),
    LEERSPOOR_LINK: await link,
    LEERSPOOR_PROGRAM: resolve(option('--server')),
    LEERSPOOR_DATA_FOLDER: join(folder, 'data'),
    LEERSPOOR_KEY: key,
    LEERSPOOR_SECRET: secret,
    LEERSPOOR_SCREENSHOTS: screenshots
  }
  const tests = readdirSync(here).filter((name) => name.endsWith('.test.mjs')).sort()
  // One after the other: the first uses the link to the first account.
  status = 0
  for (const name of tests) {
    const testing = spawn(process.execPath, ['--test', join(here, name)], { env, stdio: 'inherit' })
    const ended_with = await new Promise((done) => testing.on('exit', done))
    status ||= ended_with
  }
} finally {
  running.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true, force: true })
}
process.exit(status)
