// A server of a test's own, with a new data folder, that can be killed and started again; and what tests ask of it.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const require = createRequire(fileURLToPath(new URL('../clients/package.json', import.meta.url)))
const { chromium } = require('playwright-core')
export const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

const program = process.env.LEERSPOOR_PROGRAM
const key = 'courses'
const secret = 'a secret for the tests'
const authorization = 'Basic ' + Buffer.from(`${key}:${secret}`).toString('base64')

export class Server {
  #folder = mkdtempSync(join(tmpdir(), 'leerspoor-courses-'))
  #process
  #more
  port = 0
  mode = 'serve' // or another command that serves

  constructor(...more) {
    this.#more = more
  }
  get data() {
    return join(this.#folder, 'data')
  }
  get origin() {
    return `https://localhost:${this.port}`
  }
  get pid() {
    return this.#process.pid
  }

  async start() {
    const portFile = join(this.#folder, 'port')
    rmSync(portFile, { force: true })
    this.#process = spawn(program, [this.mode, '--data', this.data, '--listen', `127.0.0.1:${this.port}`, '--port-file', portFile, '--log-level', 'error', ...this.#more],
      { env: { ...process.env, LEERSPOOR_KEY: key, LEERSPOOR_SECRET: secret }, stdio: ['ignore', 'ignore', 'inherit'] })
    while (!existsSync(portFile) || readFileSync(portFile, 'utf8') === '') {
      if (this.#process.exitCode !== null) throw new Error('the server does not start')
      await pause(10)
    }
    this.port = Number(readFileSync(portFile, 'utf8'))
    return this
  }
  async kill(signal = 'SIGKILL') {
    const ended = new Promise((done) => this.#process.once('exit', done))
    this.#process.kill(signal)
    await ended
  }
  async stop() {
    await this.kill('SIGTERM')
    rmSync(this.#folder, { recursive: true, force: true })
  }
  command(...words) {
    return execFileSync(program, [...words, '--data', this.data], { encoding: 'utf8' })
  }

  // A host below localhost is found by browsers; Node.js asks at 127.0.0.1 and names it.
  ask(method, target, { body, type = 'application/json', headers = {}, host, as = authorization } = {}) {
    const bytes = body === undefined ? undefined : Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body)
    return new Promise((done, failed) => {
      const asking = request({
        host: '127.0.0.1', port: this.port, path: target, method, rejectUnauthorized: false,
        headers: { Host: host ?? `localhost:${this.port}`, ...(as ? { Authorization: as } : {}), ...(bytes === undefined ? {} : { 'Content-Type': type }), 'X-Experience-API-Version': '2.0.0', ...headers }
      }, (response) => {
        const pieces = []
        response.on('data', (piece) => pieces.push(piece))
        response.on('end', () => {
          const all = Buffer.concat(pieces)
          const text = all.toString()
          const json = /json/.test(response.headers['content-type'] ?? '') && text ? JSON.parse(text) : undefined
          done({ status: response.statusCode, headers: response.headers, bytes: all, text, json })
        })
      })
      asking.on('error', failed)
      asking.end(bytes)
    })
  }

  async upload(bytes, type = 'application/zip') {
    const { status, json } = await this.ask('POST', '/api/v1/courses', { body: bytes, type })
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(json)}`)
    return json
  }
  async launch(course, learner, more = {}) {
    const { status, json } = await this.ask('POST', '/api/v1/launches', { body: { course, learner, ...more } })
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(json)}`)
    return json
  }
  // The URL that the browser is sent to.
  async begin(launch) {
    const { status, json } = await this.ask('POST', `/api/v1/launches/${launch.url.split('/').pop()}/start`, { as: '' })
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(json)}`)
    return json.url
  }
  async statements(registration) {
    const all = []
    let target = `/xapi/statements?ascending=true&registration=${registration}`
    while (target) {
      const { json } = await this.ask('GET', target)
      all.push(...json.statements)
      target = json.more
    }
    return all
  }
}

export const verbOf = (statement) => statement.verb.id.split('/').pop()
export const learner = (name) => ({ account: { homePage: 'https://leren.example', name }, name })

export const launchBrowser = () => chromium.launch({
  executablePath: process.env.LEERSPOOR_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
})
export async function openPage(browser, more = {}) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB', viewport: { width: 1200, height: 800 }, ...more })
  const page = await context.newPage()
  const complaints = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  return { context, page, complaints }
}
// The content inside the player.
export const content = (page) => page.frameLocator('iframe')
export const saved = (page) => page.locator('.state[data-saving="saved"]').waitFor()
