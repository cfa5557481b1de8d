// A server of its own for each scenario, on a free port of the loopback, over plain HTTP so that the price of
// encryption hides nothing; killed and started again as the scenario says, and ended by its id.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const patience = 300_000
const key = 'abuse'
const secret = 'a secret for the abuser'
export const authorization = 'Basic ' + Buffer.from(`${key}:${secret}`).toString('base64')
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export class Server {
  #folder = mkdtempSync(join(tmpdir(), 'leerspoor-abuse-'))
  #program
  #options
  #files
  #process
  #ended
  port = 0

  // `files`: the soft limit of open files to start with; `options`: further words on the command line.
  constructor(program, { files, options = [] } = {}) {
    this.#program = program
    this.#options = options
    this.#files = files
  }

  // Seconds until it listens.
  async start() {
    const port_file = join(this.#folder, 'port')
    rmSync(port_file, { force: true })
    const words = [this.#program, 'serve', '--http', '--data', join(this.#folder, 'data'), '--listen', '127.0.0.1:0',
      '--port-file', port_file, '--log-level', 'error', ...this.#options]
    const limited = this.#files ? ['sh', '-c', `ulimit -Sn ${this.#files}; exec "$@"`, 'sh', ...words] : words
    const began = performance.now()
    this.#process = spawn(limited[0], limited.slice(1), {
      env: { ...process.env, LEERSPOOR_KEY: key, LEERSPOOR_SECRET: secret }, stdio: ['ignore', 'ignore', 'inherit']
    })
    this.#ended = new Promise((resolve) => this.#process.on('exit', (code, signal) => resolve(signal ?? code)))
    while (!existsSync(port_file) || readFileSync(port_file, 'utf8') === '') {
      if (this.#process.exitCode !== null || performance.now() - began > patience) throw new Error('the server did not come up')
      await pause(10)
    }
    this.port = Number(readFileSync(port_file, 'utf8'))
    return (performance.now() - began) / 1000
  }

  get running() { return this.#process.exitCode === null && this.#process.signalCode === null }
  get data() { return join(this.#folder, 'data') }
  get program() { return this.#program }

  // The most it had in memory since its start, in MiB.
  memory() {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8')
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024)
  }

  // Seconds until it was gone, and how it ended.
  async end(signal = 'SIGTERM') {
    const began = performance.now()
    this.#process.kill(signal)
    const how = await this.#ended
    return { seconds: (performance.now() - began) / 1000, how }
  }

  remove() { rmSync(this.#folder, { recursive: true, force: true }) }

  async fetch(path, { method = 'GET', body, headers = {} } = {}) {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method, body,
      headers: { Authorization: authorization, 'X-Experience-API-Version': '1.0.3', 'Content-Type': 'application/json', ...headers }
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  post(statements) { return this.fetch('/xapi/statements', { method: 'POST', body: JSON.stringify(statements) }) }

  // A connection for bytes of one's own; errors of it are no failure of the scenario.
  async connect() {
    const socket = connect(this.port, '127.0.0.1')
    socket.on('error', () => {})
    await new Promise((resolve) => { socket.once('connect', resolve); socket.once('close', resolve) })
    return socket
  }
}
