// Runs every *.test.mjs of this folder, one after the other; each starts the servers that it needs.
//
//   node run.mjs --server PATH/leerspoor [--screenshots FOLDER]
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const here = dirname(fileURLToPath(import.meta.url))
const { values, positionals } = parseArgs({ options: { server: { type: 'string' }, screenshots: { type: 'string' } }, allowPositionals: true })
const screenshots = values.screenshots ? resolve(values.screenshots) : ''
if (screenshots) mkdirSync(screenshots, { recursive: true })
let status = 0
for (const name of readdirSync(here).filter((one) => one.endsWith('.test.mjs') && (positionals.length === 0 || positionals.some((part) => one.includes(part)))).sort()) {
  const testing = spawn(process.execPath, ['--test', join(here, name)], {
    env: { ...process.env, LEERSPOOR_PROGRAM: resolve(values.server), LEERSPOOR_SCREENSHOTS: screenshots },
    stdio: 'inherit'
  })
  const ended = await new Promise((done) => testing.on('exit', (code) => done(code ?? 1)))
  status ||= ended
}
process.exit(status)
