// What idle listeners of the live stream cost: opens them, and says by how much the server's memory grew.
//
//   node tests/web/listeners.mjs --server PATH/leerspoor [--listeners 5000]
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'

const words = process.argv.slice(2)
const option = (name, preset) => (words.includes(name) ? words[words.indexOf(name) + 1] : preset)
const count = Number(option('--listeners', 5000))
const folder = mkdtempSync(join(tmpdir(), 'leerspoor-listeners-'))
const server = spawn(option('--server'), ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--log-level', 'warning',
  '--connections', String(count + 100), '--connections-per-client', String(count + 100)],
{ env: { ...process.env, LEERSPOOR_KEY: 'k', LEERSPOOR_SECRET: 'long enough' }, stdio: ['ignore', 'pipe', 'inherit'] })
const ended = new Promise((done) => server.on('exit', done))
const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024
const port = await new Promise((found) => server.stdout.on('data', (text) => {
  const at = /ready: https:\/\/[^:]+:(\d+)/.exec(text)
  if (at) found(Number(at[1]))
}))
const request = `GET /api/v1/statements/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ${Buffer.from('k:long enough').toString('base64')}\r\n\r\n`
const listen = () => new Promise((done, failed) => {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => socket.write(request))
  socket.on('error', failed)
  socket.once('data', () => done(socket))
})
try {
  await listen()
  const before = memory()
  const sockets = []
  while (sockets.length < count) sockets.push(...await Promise.all(Array.from({ length: Math.min(100, count - sockets.length) }, listen)))
  const grown = memory() - before
  console.log(`${count} listeners: ${grown.toFixed(1)} MB more than the ${before.toFixed(1)} MB of one, ${(grown * 1024 / count).toFixed(1)} KB each`)
  sockets.forEach((socket) => socket.destroy())
} finally {
  server.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
