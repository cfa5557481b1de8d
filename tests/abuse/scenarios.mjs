// What a client can do to a server within the rules, and what of it was found to hurt others once.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { authorization, pause } from './server.mjs'

const actor = { mbox: 'mailto:ann@example.com' }
const verb = { id: 'http://example.com/verbs/did' }
const object = { id: 'http://example.com/activities/one' }
const voided = { id: 'http://adlnet.gov/expapi/verbs/voided' }
const statement = (rest = {}) => ({ id: randomUUID(), actor, verb, object, ...rest })
const reference = (id) => ({ objectType: 'StatementRef', id })
const times = (count, make) => Array.from({ length: count }, (_, i) => make(i))
const head = `Host: 127.0.0.1\r\nAuthorization: ${authorization}\r\nX-Experience-API-Version: 1.0.3\r\nContent-Type: application/json\r\n`

// Says which status came how often.
const tally = (statuses) => {
  const counts = {}
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1
  return Object.entries(counts).map(([status, count]) => `${count} × ${status}`).join(', ')
}
// REQUIRES: accepted; else the scenario does not show what it is for.
const must = (answer) => {
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text.slice(0, 300)}`)
  return answer
}
// Writes as fast as the server takes it, for a while; what it answers is thrown away.
const flood = (socket, bytes, milliseconds) => new Promise((resolve) => {
  const end = performance.now() + milliseconds
  socket.resume()
  const write = () => {
    while (!socket.destroyed && performance.now() < end) {
      if (!socket.write(bytes)) return void socket.once('drain', write)
    }
    socket.destroy()
    resolve()
  }
  socket.once('close', resolve)
  write()
  setTimeout(() => { socket.destroy(); resolve() }, milliseconds + 1000)
})
const wide = (count) => statement({ context: { contextActivities: { other: times(count, (i) => ({ id: `a:${i}` })) } } })

export const scenarios = {
  pipelining: {
    what: 'two connections pipeline GET /healthz for 4 s',
    async abuse(server) {
      const requests = Buffer.from('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2000))
      const sockets = await Promise.all([server.connect(), server.connect()])
      await Promise.all(sockets.map((socket) => flood(socket, requests, 4000)))
    }
  },
  uploads: {
    what: 'two connections send bodies of 16 MB that are refused at their end, for 4 s',
    async abuse(server) {
      const body = Buffer.alloc(16_000_000, ' ')
      const request = Buffer.concat([Buffer.from(`POST /xapi/statements HTTP/1.1\r\n${head}Content-Length: ${body.length}\r\n\r\n`), body])
      const sockets = await Promise.all([server.connect(), server.connect()])
      await Promise.all(sockets.map((socket) => flood(socket, request, 4000)))
    }
  },
  parsing: {
    what: 'ten bodies of 15 MB with 700,000 values each, two at a time, that are refused for what comes last in them',
    async abuse(server) {
      const body = JSON.stringify([statement({ context: { extensions: { 'http://a.b/c': times(700_000, (i) => 'text number ' + i) } } }), {}])
      const statuses = []
      for (let i = 0; i < 5; ++i) {
        const answers = await Promise.all(times(2, () => server.fetch('/xapi/statements', { method: 'POST', body })))
        statuses.push(...answers.map(({ status }) => status))
      }
      return tally(statuses)
    }
  },
  idle_strangers: {
    what: 'strangers open 1,200 connections and send nothing, and 100 MB are stored; the server may have 1,024 files by default',
    server: { files: 1024, options: ['--connections-per-client', '5000'] },
    async abuse(server) {
      const large = () => times(50, () => statement({ context: { extensions: { 'http://a.b/c': 'x'.repeat(100_000) } } }))
      must(await server.post(large())) // on a connection that stays
      const sockets = await Promise.all(times(1200, () => server.connect()))
      await pause(2000)
      const answers = []
      for (let i = 0; i < 20; ++i) answers.push(await server.post(large()).catch(() => ({ status: 'no answer' })))
      for (const socket of sockets) socket.destroy()
      return tally(answers.map(({ status }) => status))
    }
  },
  wide_statements: {
    what: 'nine statements of 700,000 context activities',
    memory_mib: 1024,
    async abuse(server) {
      const statuses = []
      for (let i = 0; i < 9; ++i) statuses.push((await server.post(wide(700_000))).status)
      return tally(statuses)
    }
  },
  chained_references: {
    what: '5,000 statements in one request, each a reference to the one before',
    async abuse(server) {
      let last = statement()
      must(await server.post([last, ...times(4999, (i) => {
        last = statement({ actor: { mbox: `mailto:a${i}@example.com` }, object: reference(last.id) })
        return last
      })]))
    }
  },
  references_to_wide: {
    what: '60 references to a statement of 9,000 context activities and 12 MB',
    async prepare(server) {
      const target = wide(9000)
      target.context.extensions = { 'http://a.b/c': 'x'.repeat(11_900_000) }
      must(await server.post(target))
      return target.id
    },
    async abuse(server, id) {
      must(await server.post(times(60, (i) => statement({ actor: { mbox: `mailto:a${i}@example.com` }, object: reference(id) }))))
    }
  },
  late_voidings: {
    what: '39,000 older statements are voided, then one of their bucket is read 200 times',
    async prepare(server) {
      const ids = []
      for (let i = 0; i < 40; ++i) {
        const batch = times(1000, () => statement())
        ids.push(...batch.map(({ id }) => id))
        must(await server.post(batch))
      }
      for (let i = 0; i < 40; ++i) must(await server.post(times(1000, () => statement())))
      return ids
    },
    async abuse(server, ids) {
      for (let i = 0; i < 39; ++i) {
        must(await server.post(ids.slice(i * 1000, (i + 1) * 1000).map((id) => statement({ verb: voided, object: reference(id) }))))
      }
      const began = performance.now()
      for (let i = 0; i < 200; ++i) must(await server.fetch('/xapi/statements?statementId=' + ids[39_500]))
      return `${((performance.now() - began) / 200).toFixed(2)} ms a read`
    }
  },
  late_target: {
    what: '67,000 references to one statement that comes after them, then 20 questions for what it is found by',
    async prepare(server) {
      const target = statement({ verb: { id: 'http://example.com/verbs/late' } })
      for (let i = 0; i < 67; ++i) must(await server.post(times(1000, () => statement({ object: reference(target.id) }))))
      return target
    },
    async abuse(server, target) {
      must(await server.post(target))
      const began = performance.now()
      for (let i = 0; i < 20; ++i) must(await server.fetch('/xapi/statements?limit=10&verb=' + encodeURIComponent(target.verb.id)))
      return `${((performance.now() - began) / 20).toFixed(1)} ms a question`
    }
  },
  canonical: {
    what: 'a page of statements with the longest language maps that are taken, in canonical form, with an Accept-Language of 24 KB',
    async prepare(server) {
      const map = (count) => Object.fromEntries(times(count, (i) => [`x-${i.toString(36)}`, 'y']))
      for (const count of [50_000, 500]) {
        const answer = await server.post(times(count > 500 ? 1 : 100, () => statement({ verb: { ...verb, display: map(count) } })))
        if (answer.status === 200) break
      }
    },
    async abuse(server) {
      const accepted = times(2000, (i) => `en-x-${i};q=0.5`).join(',')
      const statuses = []
      for (let i = 0; i < 5; ++i) {
        statuses.push((await server.fetch('/xapi/statements?format=canonical&limit=100', { headers: { 'Accept-Language': accepted } })).status)
      }
      return tally(statuses)
    }
  },
  conflicts: {
    what: '200 requests of 170 bytes with the id of a stored statement of 12 MB',
    async prepare(server) {
      const target = statement({ context: { extensions: { 'http://a.b/c': times(400_000, (i) => 'text number ' + i) } } })
      must(await server.post(target))
      return target.id
    },
    async abuse(server, id) {
      const statuses = []
      for (let i = 0; i < 20; ++i) {
        statuses.push(...(await Promise.all(times(10, () => server.post(statement({ id }))))).map(({ status }) => status))
      }
      return tally(statuses)
    }
  },
  slow_readers: {
    what: '20 connections ask for 1,000 statements of 290 KB each and read nothing',
    memory_mib: 600,
    async prepare(server) {
      for (let i = 0; i < 20; ++i) {
        must(await server.post(times(50, () => statement({ context: { extensions: { 'http://a.b/c': 'x'.repeat(290_000) } } }))))
      }
    },
    async abuse(server) {
      const sockets = await Promise.all(times(20, () => server.connect()))
      for (const socket of sockets) {
        socket.pause()
        socket.write(`GET /xapi/statements?limit=1000 HTTP/1.1\r\n${head}\r\n`)
      }
      await pause(4000)
      for (const socket of sockets) socket.destroy()
    }
  },
  unfinished_forms: {
    what: '400 strangers send all but the last byte of an alternate form of 1 MB',
    async abuse(server) {
      const body = Buffer.concat([Buffer.from('statementId='), Buffer.alloc(1_000_000, 'x')])
      const sockets = await Promise.all(times(400, () => server.connect()))
      for (const socket of sockets) {
        socket.resume()
        socket.write(`POST /xapi/statements?method=PUT HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length + 1}\r\n\r\n`)
        socket.write(body)
      }
      await pause(4000)
      for (const socket of sockets) socket.destroy()
    }
  },
  unfinished_bodies: {
    what: '60 known clients send all but the last byte of 16 MB',
    async abuse(server) {
      const body = Buffer.alloc(16_000_000, ' ')
      const sockets = await Promise.all(times(60, () => server.connect()))
      for (const socket of sockets) {
        socket.resume()
        socket.write(`POST /xapi/statements HTTP/1.1\r\n${head}Content-Length: ${body.length + 1}\r\n\r\n`)
        socket.write(body)
      }
      await pause(4000)
      for (const socket of sockets) socket.destroy()
    }
  },
  merged_documents: {
    what: 'merges of 12 MB each into one document, then 20 merges of seven bytes',
    memory_mib: 900,
    async abuse(server) {
      const path = '/xapi/activities/state?activityId=http%3A%2F%2Fa.b%2Fc&stateId=s&agent=' + encodeURIComponent(JSON.stringify(actor))
      const merge = (document) => server.fetch(path, { method: 'POST', body: document })
      const statuses = []
      for (let i = 0; i < 8; ++i) {
        statuses.push((await merge(JSON.stringify(Object.fromEntries(times(400_000, (n) => [`member ${i} ${n}`, n]))))).status)
      }
      const began = performance.now()
      for (let i = 0; i < 20; ++i) await merge('{"a":1}')
      return `${tally(statuses)}; ${((performance.now() - began) / 20).toFixed(0)} ms a small merge`
    }
  },
  multipart_mentions: {
    what: 'a multipart request with 60,000 mentions of 2,000 attachments',
    async abuse(server) {
      const { createHash } = await import('node:crypto')
      const parts = times(2000, (i) => `part ${i}`)
      const hashes = parts.map((part) => createHash('sha256').update(part).digest('hex'))
      const attachments = times(60_000, (i) => ({ usageType: 'http://a.b/c', display: { en: 'x' }, contentType: 'text/plain', length: parts[i % 2000].length, sha2: hashes[i % 2000] }))
      const body = ['--b', 'Content-Type: application/json', '', JSON.stringify(statement({ attachments })),
        ...parts.flatMap((part, i) => ['--b', 'Content-Type: text/plain', 'Content-Transfer-Encoding: binary', `X-Experience-API-Hash: ${hashes[i]}`, '', part]), '--b--', ''].join('\r\n')
      return String((await server.fetch('/xapi/statements', { method: 'POST', body, headers: { 'Content-Type': 'multipart/mixed; boundary=b' } })).status)
    }
  },
  new_keys: {
    what: 'a key is made and revoked 20 times while 100 clients go on',
    async prepare(server) {
      return times(100, (i) => i)
    },
    async abuse(server, clients) {
      const statuses = []
      let going = true
      const all = Promise.all(clients.map(async () => {
        while (going) {
          statuses.push((await server.fetch('/xapi/statements?limit=1')).status)
          await pause(50)
        }
      }))
      for (let i = 0; i < 20; ++i) {
        execFileSync(server.program, ['key', 'create', '--data', server.data, '--key', `made-${i}`], { stdio: 'ignore' })
        execFileSync(server.program, ['key', 'revoke', '--data', server.data, `made-${i}`], { stdio: 'ignore' })
      }
      going = false
      await all
      return tally(statuses)
    }
  },
  wrong_secrets: {
    what: '400 wrong secrets of 40 keys from the address that the neighbour shares',
    async abuse(server) {
      const statuses = []
      for (let i = 0; i < 40; ++i) {
        const answers = await Promise.all(times(10, (n) => server.fetch('/xapi/statements?limit=1', { headers: { Authorization: 'Basic ' + Buffer.from(`key-${i}:wrong ${n}`).toString('base64') } })))
        statuses.push(...answers.map(({ status }) => status))
      }
      const own = await server.fetch('/xapi/statements?limit=1')
      return `${tally(statuses)}; a right secret from there: ${own.status}`
    }
  }
}
