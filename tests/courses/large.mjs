// A package of a gigabyte: taken and served in parts, and how much memory that takes more.
//
//   node tests/courses/large.mjs --server build/release/bin/leerspoor [--megabytes 1024]
import { createWriteStream, readFileSync, rmSync, createReadStream, statSync, mkdtempSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'

const { values } = parseArgs({ options: { server: { type: 'string' }, megabytes: { type: 'string', default: '1024' } } })
process.env.LEERSPOOR_PROGRAM = values.server
const { learner, Server } = await import('./server.mjs')
const { crc32, zip } = await import('./zip.mjs')
const megabytes = Number(values.megabytes)
const folder = mkdtempSync(join(tmpdir(), 'leerspoor-large-'))
const path = join(folder, 'large.zip')

// Films of 64 MiB that do not deflate, one after the other, without ever holding the whole.
const film = randomBytes(64 << 20)
const crc = crc32(film)
const films = Math.max(1, Math.round(megabytes / 64))
const names = Array.from({ length: films }, (_, i) => `films/${i}.mp4`)
const xml = `<tincan><activities><activity id="https://x.example/films" type="http://adlnet.gov/expapi/activities/course"><name lang="en">Films</name><launch>films/0.mp4</launch></activity></activities></tincan>`
{
  const out = createWriteStream(path)
  const write = async (bytes) => { if (!out.write(bytes)) await once(out, 'drain') }
  // Each film ends with its number, so that none is as another.
  const rows = []
  let at = 0
  const add = async (name, bytes) => {
    const whole = zip([{ name, bytes, method: 0 }])
    const end = whole.length - 22
    const directory = whole.readUInt32LE(end + 16)
    const row = Buffer.from(whole.subarray(directory, end))
    row.writeUInt32LE(at, 42)
    rows.push(row)
    await write(whole.subarray(0, directory))
    at += directory
  }
  await add('tincan.xml', xml)
  for (let i = 0; i < films; ++i) {
    film.writeUInt32LE(i, 0)
    await add(names[i], film)
  }
  const directory = Buffer.concat(rows)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(rows.length, 8)
  end.writeUInt16LE(rows.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  await write(directory)
  out.end(end)
  await once(out, 'finish')
}

const server = await new Server().start()
const memory = (what) => Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024
try {
  const start = memory('VmRSS')
  const began = performance.now()
  const course = await new Promise((done, failed) => {
    const asking = request({ host: '127.0.0.1', port: server.port, method: 'POST', path: '/api/v1/courses', rejectUnauthorized: false, headers: { Host: `localhost:${server.port}`, Authorization: 'Basic ' + Buffer.from('courses:a secret for the tests').toString('base64'), 'Content-Type': 'application/zip', 'Content-Length': statSync(path).size } }, (response) => {
      let text = ''
      response.on('data', (piece) => { text += piece })
      response.on('end', () => (response.statusCode === 201 ? done(JSON.parse(text)) : failed(new Error(text))))
    })
    asking.on('error', failed)
    createReadStream(path).pipe(asking)
  })
  console.log(`${Math.round(course.bytes / (1 << 20))} MiB in ${course.files} files taken in ${((performance.now() - began) / 1000).toFixed(1)} s`)
  const url = new URL(await server.begin(await server.launch(course.id, learner('viewer'))))
  const base = url.pathname.split('/').slice(0, 2).join('/')
  const served = performance.now()
  let bytes = 0
  for (let i = 0; i < films; ++i) {
    await new Promise((done, failed) => {
      const asking = request({ host: '127.0.0.1', port: server.port, path: `${base}/${names[i]}`, rejectUnauthorized: false, headers: { Host: url.host, Range: 'bytes=0-' } }, (response) => {
        const digest = createHash('sha256')
        response.on('data', (piece) => { bytes += piece.length; digest.update(piece) })
        response.on('end', () => {
          film.writeUInt32LE(i, 0)
          const same = digest.digest('hex') === createHash('sha256').update(film).digest('hex')
          return same && response.statusCode === 206 ? done() : failed(new Error(`${names[i]} is another`))
        })
      })
      asking.on('error', failed)
      asking.end()
    })
  }
  console.log(`${Math.round(bytes / (1 << 20))} MiB served in ${((performance.now() - served) / 1000).toFixed(1)} s`)
  console.log(`memory: ${start.toFixed(0)} MiB before, at most ${memory('VmHWM').toFixed(0)} MiB: ${(memory('VmHWM') - start).toFixed(0)} MiB more`)
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
