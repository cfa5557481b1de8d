// Starts the server on a free port of the loopback with a new data folder, runs every *.test.mjs against it over TLS,
// and ends it. The tests trust the certificate that the server made for itself, and no other.
//
//   node run.mjs --server PATH/leerspoor [TEST...]
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const words = process.argv.slice(2)
const server = words[words.indexOf('--server') + 1]
const tests = words.filter((word) => word.endsWith('.test.mjs'))
const key = 'clients'
const secret = 'a secret for the clients'
const patience = 60_000

const folder = mkdtempSync(join(tmpdir(), 'leerspoor-clients-'))
const port_file = join(folder, 'port')
const running = spawn(server, ['serve', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0', '--port-file', port_file,
  '--log-level', 'warning'], { env: { ...process.env, LEERSPOOR_KEY: key, LEERSPOOR_SECRET: secret }, stdio: ['ignore', 'ignore', 'inherit'] })
const ended = new Promise((resolve) => running.on('exit', resolve))

async function port() {
  for (const end = Date.now() + patience; Date.now() < end && running.exitCode === null;) {
    if (existsSync(port_file)) return readFileSync(port_file, 'utf8').trim()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('the server did not come up')
}

// Whoever ends this ends the server as well.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => running.kill('SIGTERM'))

let status = 1
try {
  const env = {
    ...process.env,
    NODE_EXTRA_CA_CERTS: join(folder, 'data', 'tls', 'cert.pem'),
    LEERSPOOR_ENDPOINT: `https://localhost:${await port()}/xapi/`,
    LEERSPOOR_CERTIFICATE: join(folder, 'data', 'tls', 'cert.pem'),
    LEERSPOOR_KEY: key,
    LEERSPOOR_SECRET: secret
  }
  const chosen = tests.length > 0 ? tests : readdirSync(here).filter((name) => name.endsWith('.test.mjs')).sort()
  const testing = spawn(process.execPath, ['--test', ...chosen.map((name) => join(here, name))], { env, stdio: 'inherit' })
  status = await new Promise((resolve) => testing.on('exit', resolve))
} finally {
  running.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true, force: true })
}
process.exit(status ?? 1)
