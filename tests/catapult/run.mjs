// CATAPULT's LMS test suite for cmi5 (github adlnet/CATAPULT, lts/) against Leerspoor. The suite is cloned and its
// packages are built apart, as its README says.
//
//   node tests/catapult/run.mjs --server build/release/bin/leerspoor --suite DIR/CATAPULT/lts
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'

const { values } = parseArgs({ options: { server: { type: 'string' }, suite: { type: 'string' } } })
if (!values.server || !values.suite) {
  console.error('usage: run.mjs --server leerspoor --suite DIR/CATAPULT/lts')
  process.exit(2)
}
const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const suite = resolve(values.suite)
if (!existsSync(join(suite, 'pkg/dist'))) {
  console.error(`${suite}/pkg/dist is missing: build the suite's packages first (npm ci; cd pkg; npx webpack)`)
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'leerspoor-catapult-'))
const portFile = join(folder, 'port')
const server = spawn(values.server, ['serve', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0', '--port-file', portFile],
  { env: { ...process.env, LEERSPOOR_KEY: 'catapult', LEERSPOOR_SECRET: 'catapult-and-its-secret' }, stdio: ['ignore', 'ignore', 'ignore'] })
let status = 1
try {
  const deadline = Date.now() + 30_000
  while (!existsSync(portFile) || readFileSync(portFile, 'utf8') === '') {
    if (Date.now() > deadline || server.exitCode !== null) throw new Error('the server does not start')
    execFileSync('sleep', ['0.05'])
  }
  const port = readFileSync(portFile, 'utf8').trim()
  const jest = spawnSync('npx', ['jest', ...process.argv.slice(2).filter((one) => one.startsWith('-t'))], {
    cwd: suite,
    stdio: 'inherit',
    env: {
      ...process.env,
      CATAPULT_LMS: here('lms.cjs'),
      CATAPULT_LTS: suite,
      JEST_PUPPETEER_CONFIG: here('jest-puppeteer.config.cjs'),
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      LEERSPOOR_ORIGIN: `https://localhost:${port}`,
      LEERSPOOR_KEY: 'catapult',
      LEERSPOOR_SECRET: 'catapult-and-its-secret'
    }
  })
  status = jest.status ?? 1
} finally {
  server.kill('SIGTERM')
  await new Promise((ended) => server.once('exit', ended))
  rmSync(folder, { recursive: true })
}
process.exit(status)
