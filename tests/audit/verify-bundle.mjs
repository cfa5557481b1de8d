// A second verifier of proof bundles, written from their description (server/audit/bundle.hpp) and from RFC 9162,
// APPNOTE.TXT, C2SP signed-note and tlog-checkpoint, with Node.js's own cryptography and nothing of Leerspoor's.
//
//   node verify-bundle.mjs BUNDLE PUBLIC_KEY_FILE
//
// Exit status 0: it holds; 1: it does not, and the first reason is said.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { crc32 } from './crc32.mjs'

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const must = (right, reason) => {
  if (!right) throw new Error(reason)
}

// Base64 in its one form.
function base64(text, size) {
  must(typeof text === 'string', 'a text was expected')
  const bytes = Buffer.from(text, 'base64')
  must(bytes.toString('base64') === text && (size === undefined || bytes.length === size), 'base64 that is none')
  return bytes
}

const number = (value, bytes) => {
  const made = Buffer.alloc(bytes)
  if (bytes === 8) made.writeBigUInt64LE(BigInt(value))
  else made.writeUIntLE(value, 0, bytes)
  return made
}

// What such a file is from its first to its last byte, given names and contents.
function zipped(files) {
  const parts = []
  const directory = []
  let offset = 0
  for (const { name, bytes } of files) {
    const common = [number(45, 2), number(0x0800, 2), number(0, 2), number(0, 2), number(0x0021, 2), number(crc32(bytes), 4),
      number(0xffffffff, 4), number(0xffffffff, 4), number(name.length, 2)]
    const header = Buffer.concat([number(0x04034b50, 4), ...common, number(20, 2), Buffer.from(name),
      number(1, 2), number(16, 2), number(bytes.length, 8), number(bytes.length, 8)])
    directory.push(number(0x02014b50, 4), number(45, 2), ...common, number(28, 2), number(0, 2), number(0, 2), number(0, 2), number(0, 4),
      number(0xffffffff, 4), Buffer.from(name), number(1, 2), number(24, 2), number(bytes.length, 8), number(bytes.length, 8), number(offset, 8))
    parts.push(header, bytes)
    offset += header.length + bytes.length
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([...parts, ...directory,
    number(0x06064b50, 4), number(44, 8), number(45, 2), number(45, 2), number(0, 4), number(0, 4), number(files.length, 8), number(files.length, 8),
    number(size, 8), number(offset, 8), number(0x07064b50, 4), number(0, 4), number(offset + size, 8), number(1, 4),
    number(0x06054b50, 4), number(0, 2), number(0, 2), number(0xffff, 2), number(0xffff, 2), number(0xffffffff, 4), number(0xffffffff, 4), number(0, 2)])
}

const names = ['statements.jsonl', 'proofs.jsonl', 'checkpoint.txt', 'manifest.json', 'signature.txt']

// Reads the entries by their local headers, one after the other, and holds the whole against what it would be.
function unzipped(zip) {
  const files = []
  let at = 0
  for (const name of names) {
    const begin = at + 30 + name.length + 20
    must(begin <= zip.length && zip.readUInt32LE(at) === 0x04034b50, 'the zip file is not whole')
    const size = Number(zip.readBigUInt64LE(begin - 16))
    must(begin + size <= zip.length, 'the zip file is not whole')
    files.push({ name, bytes: zip.subarray(begin, begin + size) })
    at = begin + size
  }
  must(zipped(files).equals(zip), 'the zip file is not what its contents would give')
  return Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]))
}

function parseKey(line) {
  const [, name, hash, key] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line) ?? []
  must(name, 'a public key that is none')
  const bytes = base64(key, 33)
  must(bytes[0] === 1 && sha256(name, '\n', bytes).subarray(0, 4).toString('hex') === hash, 'a public key that is none')
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes.subarray(1)])
  return { name, hash, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) }
}

function signedText(bytes, keys) {
  const note = bytes.toString('utf8')
  must(Buffer.from(note).equals(bytes) && note.endsWith('\n'), 'a note that is none')
  const end = note.lastIndexOf('\n\n')
  must(end >= 0, 'a note that is none')
  const text = note.slice(0, end + 1)
  const lines = note.slice(end + 2, -1).split('\n')
  const good = lines.some((line) => {
    const [, name, signature] = /^— (\S+) (\S+)$/.exec(line) ?? []
    must(name, 'a signature that is none')
    const signed = base64(signature)
    return keys.some((key) => key.name === name && signed.subarray(0, 4).toString('hex') === key.hash &&
      verify(null, Buffer.from(text), key.key, signed.subarray(4)))
  })
  must(good, 'nothing that was signed with this key')
  return text
}

// The tree from the left: hashes of complete subtrees, and where they end.
class Tree {
  size = 0n
  stack = []
  add(level, hash) {
    for (let bit = 1n << level; this.size & bit; bit <<= 1n) hash = sha256('\x01', this.stack.pop(), hash)
    this.stack.push(hash)
    this.size += 1n << level
  }
  // Subtrees as great as they can be, up to `end`.
  skip(end, hashes) {
    must(end >= this.size, 'an order that goes back')
    let next = 0
    while (this.size < end) {
      let level = 0n
      while (this.size + (1n << (level + 1n)) <= end && (this.size & ((1n << (level + 1n)) - 1n)) === 0n) ++level
      must(next < hashes.length, 'hashes are missing')
      this.add(level, base64(hashes[next++], 32))
    }
    must(next === hashes.length, 'hashes are left over')
  }
  root() {
    if (this.stack.length === 0) return sha256('')
    return this.stack.slice(0, -1).reduceRight((right, left) => sha256('\x01', left, right), this.stack.at(-1))
  }
}

const linesOf = (bytes) => {
  must(bytes.length === 0 || bytes.at(-1) === 10, 'a last line without its end')
  const lines = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at)
    lines.push(bytes.subarray(at, end))
    at = end + 1
  }
  return lines
}

// Gives what it found, or throws why it does not hold.
export function verifyBundle(zip, keyText) {
  const keys = keyText.split('\n').filter(Boolean).map(parseKey)
  const files = unzipped(zip)
  const text = signedText(files['checkpoint.txt'], keys)
  const [, origin, size, root] = /^(.+)\n(0|[1-9]\d*)\n(\S+)\n$/.exec(text) ?? []
  must(origin, 'a checkpoint that is none')
  must(signedText(files['signature.txt'], keys) === `${origin}/export\n${sha256(files['manifest.json']).toString('hex')}\n`, 'another manifest')
  const manifest = JSON.parse(files['manifest.json'])
  for (const name of names.slice(0, 3)) {
    must(manifest.files[name].sha256 === sha256(files[name]).toString('hex') && manifest.files[name].bytes === files[name].length, `another ${name}`)
  }
  const statements = linesOf(files['statements.jsonl'])
  const proofs = linesOf(files['proofs.jsonl']).map((line) => JSON.parse(line))
  const last = proofs.pop()
  must(proofs.length === statements.length && manifest.statements === statements.length, 'other statements than proofs')
  const tree = new Tree()
  proofs.forEach(({ index, salt, altered, leaf, before }, at) => {
    tree.skip(BigInt(index), before)
    const hash = base64(leaf, 32)
    must(altered === undefined || (typeof altered === 'string' && salt === undefined), `a proof that is none in line ${at + 1}`)
    if (altered === undefined) must(hash.equals(sha256('\x00', base64(salt, 16), statements[at])), `another statement in line ${at + 1}`)
    tree.add(0n, hash)
  })
  must(String(last.size) === size && String(manifest.size) === size, 'another size')
  tree.skip(BigInt(size), last.before)
  must(tree.root().equals(base64(root, 32)), 'another root')
  return { origin, size: Number(size), statements: statements.length }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { origin, size, statements } = verifyBundle(readFileSync(process.argv[2]), readFileSync(process.argv[3], 'utf8'))
    console.log(`holds: ${statements} of ${size} statements of ${origin}`)
  } catch (error) {
    console.log(`does not hold: ${error.message}`)
    process.exitCode = 1
  }
}
