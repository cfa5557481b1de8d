// Does to a server what scenarios.mjs knows, one thing at a time, and measures what a well-behaved neighbour sees of it
// meanwhile, how much memory the server takes, and how long the next start is after it was killed.
//
//   node tests/abuse/run.mjs --server PATH/leerspoor [--json FILE] [SCENARIO...]
//
// Ends with 1 when the neighbour's 99th percentile was above 50 ms and above three times what it is alone, when a
// request of the neighbour was refused, when the memory or the start went beyond what the scenario allows, or when the
// server was gone.
import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Server, authorization, pause } from './server.mjs'
import { scenarios } from './scenarios.mjs'

const words = process.argv.slice(2)
const option = (name) => {
  const at = words.indexOf(name)
  return at < 0 ? undefined : words.splice(at, 2)[1]
}
const program = option('--server')
const json = option('--json')
const unknown = words.filter((name) => !scenarios[name])
if (!program || unknown.length > 0) {
  console.error(`usage: run.mjs --server PATH [--json FILE] [SCENARIO...]\nscenarios: ${Object.keys(scenarios).join(' ')}`)
  process.exit(2)
}

class Neighbour {
  #process
  async start(server) {
    this.#process = fork(fileURLToPath(new URL('neighbour.mjs', import.meta.url)), [String(server.port), authorization])
    await this.#answer()
  }
  #answer() { return new Promise((resolve) => this.#process.once('message', resolve)) }
  // What it saw since it was asked last.
  ask(wanted = 'more') {
    const answer = this.#answer()
    this.#process.send(wanted)
    return answer
  }
}

async function run(name) {
  const scenario = scenarios[name]
  const server = new Server(program, scenario.server)
  const neighbour = new Neighbour()
  const result = { name, what: scenario.what }
  try {
    await server.start()
    const prepared = await scenario.prepare?.(server)
    await neighbour.start(server)
    await neighbour.ask()
    await pause(3000)
    const alone = await neighbour.ask()
    const began = performance.now()
    result.note = await scenario.abuse(server, prepared)
    result.seconds = (performance.now() - began) / 1000
    await pause(Math.max(500, 2000 - result.seconds * 1000)) // a neighbour that waits is heard too
    const beside = await neighbour.ask('end')
    Object.assign(result, { alone_ms: alone.p99, beside_ms: beside.p99, most_ms: beside.most, requests: beside.requests, refused: beside.refused })
    result.memory_mib = server.memory()
    await server.end('SIGKILL')
    result.start_s = await server.start()
    const limit = Math.max(50, 3 * alone.p99)
    result.failures = [
      beside.p99 > limit && `the neighbour waited ${beside.p99.toFixed(0)} ms`,
      beside.refused > 0 && `the neighbour was refused ${beside.refused} times`,
      result.memory_mib > (scenario.memory_mib ?? 500) && `the server took ${result.memory_mib} MiB`,
      result.start_s > (scenario.start_s ?? 2) && `the next start took ${result.start_s.toFixed(1)} s`
    ].filter(Boolean)
  } catch (error) {
    result.failures = [server.running ? String(error.stack) : 'the server is gone']
  } finally {
    if (server.running) result.stop_s = (await server.end()).seconds
    server.remove()
  }
  return result
}

const results = []
for (const name of words.length > 0 ? words : Object.keys(scenarios)) {
  const result = await run(name)
  results.push(result)
  const number = (value, digits = 0) => value === undefined ? '-' : value.toFixed(digits)
  console.log([name.padEnd(22), `p99 ${number(result.alone_ms, 1)} -> ${number(result.beside_ms, 1)} ms (most ${number(result.most_ms)})`.padEnd(44),
    `${number(result.seconds, 1)} s`.padStart(8), `${result.memory_mib ?? '-'} MiB`.padStart(9), `start ${number(result.start_s, 2)} s`,
    result.note ?? '', result.failures.length > 0 ? 'FAILED: ' + result.failures.join('; ') : ''].join('  ').trimEnd())
}
if (json) writeFileSync(json, JSON.stringify(results, null, 2) + '\n')
process.exit(results.some((result) => result.failures.length > 0) ? 1 : 0)
