// Verifies a proof bundle (server/audit/bundle.hpp) in the browser, piece by piece: the file never leaves it, and the
// server is not asked.
import { ed25519 } from '@noble/curves/ed25519'
import { sha256 } from '@noble/hashes/sha2'

type Bytes = Uint8Array

export interface VerifierKey {
  name: string
  hash: string
  bytes: Bytes
}

export interface Verdict {
  holds: boolean
  // What is said of it: the name of the sentence, and its values.
  reason: string
  line?: number
  file?: string
  origin?: string
  size?: number
  statements?: number
  // In which somebody was given a pseudonym since.
  altered?: number
}

class Reason extends Error {
  constructor(
    readonly reason: string,
    readonly more: Partial<Verdict> = {},
  ) {
    super(reason)
  }
}
function must(right: unknown, reason: string, more: Partial<Verdict> = {}): asserts right {
  if (!right) throw new Reason(reason, more)
}

const names = ['statements.jsonl', 'proofs.jsonl', 'checkpoint.txt', 'manifest.json', 'signature.txt'] as const
const piece = 1 << 20
const utf8 = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true })

const hex = (bytes: Bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const same = (a: Bytes, b: Bytes) => a.length === b.length && a.every((byte, at) => byte === b[at])

function base64(text: unknown, size?: number): Bytes | undefined {
  if (typeof text !== 'string' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  if (btoa(String.fromCharCode(...bytes)) !== text) return undefined
  return size === undefined || bytes.length === size ? bytes : undefined
}

function joined(...parts: (Bytes | string)[]): Bytes {
  const all = parts.map((part) => (typeof part === 'string' ? utf8.encode(part) : part))
  const made = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of all) {
    made.set(part, at)
    at += part.length
  }
  return made
}

// "name+hash+key", a line each. Undefined: one is none.
export function parseKeys(text: string): VerifierKey[] | undefined {
  const keys: VerifierKey[] = []
  for (const line of text.split('\n').map((one) => one.trim()).filter(Boolean)) {
    const [, name, hash, key] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line) ?? []
    const bytes = base64(key, 33)
    if (!name || !hash || !bytes || bytes[0] !== 1 || hex(sha256(joined(name, '\n', bytes)).slice(0, 4)) !== hash) return undefined
    keys.push({ name, hash, bytes: bytes.slice(1) })
  }
  return keys
}

// The text of a note that one of the keys signed (C2SP signed-note).
function signedText(bytes: Bytes, keys: VerifierKey[], reason: string): string {
  let note = ''
  try {
    note = strict.decode(bytes)
  } catch {
    throw new Reason(reason)
  }
  const end = note.lastIndexOf('\n\n')
  must(end >= 0 && note.endsWith('\n'), reason)
  const text = note.slice(0, end + 1)
  const signed = note
    .slice(end + 2, -1)
    .split('\n')
    .map((line) => {
      const [, name, signature] = /^— (\S+) (\S+)$/.exec(line) ?? []
      const all = base64(signature)
      must(name && all && all.length >= 4, reason)
      return keys.some(
        (key) =>
          key.name === name && key.hash === hex(all.slice(0, 4)) && all.length === 68 && ed25519.verify(all.slice(4), utf8.encode(text), key.bytes),
      )
    })
  must(signed.some(Boolean), reason)
  return text
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; ++bit) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
  return n
})
function crc32(crc: number, bytes: Bytes): number {
  crc = ~crc
  for (let i = 0; i < bytes.length; ++i) crc = crcTable[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8)
  return ~crc >>> 0
}

interface Entry {
  name: string
  size: number
  crc: number
  offset: number
  begin: number // of its content
}

function number(value: number, bytes: 2 | 4 | 8): Bytes {
  const view = new DataView(new ArrayBuffer(bytes))
  if (bytes === 2) view.setUint16(0, value, true)
  if (bytes === 4) view.setUint32(0, value, true)
  if (bytes === 8) view.setBigUint64(0, BigInt(value), true)
  return new Uint8Array(view.buffer)
}

// Everything of the zip file but the contents, as it must be (APPNOTE.TXT, stored entries, ZIP64).
const common = (entry: Entry) => [number(45, 2), number(0x0800, 2), number(0, 4), number(0x0021, 2), number(entry.crc, 4),
  number(0xffffffff, 4), number(0xffffffff, 4), number(entry.name.length, 2)]
const header = (entry: Entry) =>
  joined(number(0x04034b50, 4), ...common(entry), number(20, 2), entry.name, number(1, 2), number(16, 2), number(entry.size, 8), number(entry.size, 8))
function directory(entries: Entry[], begin: number): Bytes {
  const rows = joined(...entries.flatMap((entry) => [number(0x02014b50, 4), number(45, 2), ...common(entry), number(28, 2), number(0, 2),
    number(0, 4), number(0, 4), number(0xffffffff, 4), utf8.encode(entry.name), number(1, 2), number(24, 2), number(entry.size, 8),
    number(entry.size, 8), number(entry.offset, 8)]))
  return joined(rows, number(0x06064b50, 4), number(44, 8), number(45, 2), number(45, 2), number(0, 8), number(entries.length, 8),
    number(entries.length, 8), number(rows.length, 8), number(begin, 8), number(0x07064b50, 4), number(0, 4), number(begin + rows.length, 8),
    number(1, 4), number(0x06054b50, 4), number(0, 4), number(0xffff, 2), number(0xffff, 2), number(0xffffffff, 4), number(0xffffffff, 4), number(0, 2))
}

const slice = async (file: Blob, begin: number, end: number) => new Uint8Array(await file.slice(begin, end).arrayBuffer())

async function readZip(file: Blob): Promise<Map<string, Entry>> {
  const entries: Entry[] = []
  let at = 0
  for (const name of names) {
    const size = 50 + name.length
    const bytes = await slice(file, at, at + size)
    must(bytes.length === size, 'whole')
    const view = new DataView(bytes.buffer)
    const entry = { name, size: Number(view.getBigUint64(size - 8, true)), crc: view.getUint32(14, true), offset: at, begin: at + size }
    must(same(bytes, header(entry)) && entry.begin + entry.size <= file.size, 'whole')
    at = entry.begin + entry.size
    entries.push(entry)
  }
  const rest = directory(entries, at)
  must(file.size === at + rest.length && same(await slice(file, at, file.size), rest), 'whole')
  return new Map(entries.map((entry) => [entry.name, entry]))
}

// A file's lines, without their ends.
class Lines {
  private bytes: Bytes = new Uint8Array()
  private at = 0
  private read: number
  constructor(
    private readonly file: Blob,
    private readonly entry: Entry,
  ) {
    this.read = entry.begin
  }
  async next(): Promise<Bytes | undefined> {
    for (;;) {
      const end = this.bytes.indexOf(10, this.at)
      if (end >= 0) {
        const line = this.bytes.subarray(this.at, end)
        this.at = end + 1
        return line
      }
      const left = this.bytes.subarray(this.at)
      const until = Math.min(this.read + piece, this.entry.begin + this.entry.size)
      if (until === this.read) {
        must(left.length === 0, 'whole')
        return undefined
      }
      this.bytes = joined(left, await slice(this.file, this.read, until))
      this.read = until
      this.at = 0
    }
  }
}

// RFC 9162 2.1.1, put together from the left.
class Tree {
  size = 0
  private stack: { hash: Bytes; leaves: number }[] = []
  add(leaves: number, hash: Bytes) {
    while (this.stack.at(-1)?.leaves === leaves && Math.floor(this.size / leaves) % 2 === 1) {
      hash = sha256(joined(number(1, 2).slice(0, 1), this.stack.pop()!.hash, hash))
      leaves *= 2
    }
    this.stack.push({ hash, leaves })
    this.size = this.stack.reduce((sum, one) => sum + one.leaves, 0)
  }
  // The leaves up to `end`, as the hashes of subtrees as great as they can be. False: they are not so many.
  skip(end: number, hashes: unknown): boolean {
    if (!Array.isArray(hashes) || end < this.size) return false
    let next = 0
    while (this.size < end) {
      let leaves = 1
      while (this.size + 2 * leaves <= end && this.size % (2 * leaves) === 0) leaves *= 2
      const hash = base64(hashes[next++], 32)
      if (!hash) return false
      this.add(leaves, hash)
    }
    return next === hashes.length
  }
  root(): Bytes {
    const last = this.stack.at(-1)
    if (!last) return sha256(new Uint8Array())
    return this.stack.slice(0, -1).reduceRight((right, left) => sha256(joined(number(1, 2).slice(0, 1), left.hash, right)), last.hash)
  }
}

async function checkFile(file: Blob, entry: Entry, told: { sha256?: unknown; bytes?: unknown } | undefined) {
  const digest = sha256.create()
  let crc = 0
  for (let at = entry.begin; at < entry.begin + entry.size; at += piece) {
    const bytes = await slice(file, at, Math.min(at + piece, entry.begin + entry.size))
    digest.update(bytes)
    crc = crc32(crc, bytes)
  }
  must(crc === entry.crc, 'changed', { file: entry.name })
  if (told) must(told.sha256 === hex(digest.digest()) && told.bytes === entry.size, 'changed', { file: entry.name })
}

async function checkStatements(file: Blob, entries: Map<string, Entry>, size: number, progress: (share: number) => void) {
  const statements = new Lines(file, entries.get('statements.jsonl')!)
  const proofs = new Lines(file, entries.get('proofs.jsonl')!)
  const tree = new Tree()
  let altered = 0
  for (let count = 0; ; ++count) {
    const text = await proofs.next()
    must(text, 'proof', { line: count + 1 })
    const proof = JSON.parse(strict.decode(text)) as Record<string, unknown>
    if ('size' in proof) {
      must(proof.size === size && tree.skip(size, proof.before), 'proof', { line: count + 1 })
      must((await statements.next()) === undefined, 'added', { line: count + 1 })
      must((await proofs.next()) === undefined, 'proof', { line: count + 2 })
      return { count, altered, root: tree.root() }
    }
    const statement = await statements.next()
    must(statement, 'missing', { line: count + 1 })
    const leaf = base64(proof.leaf, 32)
    must(leaf && Number.isSafeInteger(proof.index), 'proof', { line: count + 1 })
    if ('altered' in proof) {
      // Somebody was given a pseudonym in it: its leaf is of what it was.
      must(typeof proof.altered === 'string' && !('salt' in proof), 'proof', { line: count + 1 })
      ++altered
    } else {
      const salt = base64(proof.salt, 16)
      must(salt, 'proof', { line: count + 1 })
      must(same(sha256(joined(new Uint8Array(1), salt, statement)), leaf), 'statement', { line: count + 1 })
    }
    must(tree.skip(proof.index as number, proof.before), 'order', { line: count + 1 })
    tree.add(1, leaf)
    if (count % 2000 === 0) progress((proof.index as number) / size)
  }
}

export async function verifyBundle(file: Blob, keys: VerifierKey[], progress: (share: number) => void = () => {}): Promise<Verdict> {
  try {
    const entries = await readZip(file)
    const small = async (name: string) => {
      const entry = entries.get(name)!
      must(entry.size < piece, 'whole')
      return slice(file, entry.begin, entry.begin + entry.size)
    }
    const text = signedText(await small('checkpoint.txt'), keys, 'checkpoint')
    const [, origin, told, root] = /^(.+)\n(0|[1-9]\d*)\n(\S+)\n$/.exec(text) ?? []
    must(origin && told && base64(root, 32), 'checkpoint')
    const size = Number(told)
    const manifestBytes = await small('manifest.json')
    const signature = signedText(await small('signature.txt'), keys, 'manifest')
    must(signature === `${origin}/export\n${hex(sha256(manifestBytes))}\n`, 'manifest')
    const manifest = JSON.parse(strict.decode(manifestBytes)) as { statements: number; size: number; files: Record<string, { sha256: string; bytes: number }> }
    let changed: unknown
    for (const name of names) {
      const expected = manifest.files[name] ?? (name === 'manifest.json' || name === 'signature.txt' ? undefined : {})
      await checkFile(file, entries.get(name)!, expected).catch((error: unknown) => (changed ??= error))
    }
    // Which statement it is says more than which file.
    const { count, altered, root: computed } = await checkStatements(file, entries, size, progress)
    if (changed) throw changed
    must(same(computed, base64(root, 32)!), 'root')
    must(manifest.statements === count && manifest.size === size, 'manifest')
    return { holds: true, reason: count === size ? 'all' : 'some', origin, size, statements: count, altered }
  } catch (error) {
    if (error instanceof Reason) return { holds: false, reason: error.reason, ...error.more }
    return { holds: false, reason: 'whole' }
  }
}
