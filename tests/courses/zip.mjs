// Zip files byte by byte (APPNOTE.TXT 4.3), good ones and such as no program would write.
import { deflateRawSync } from 'node:zlib'

const table = Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; ++k) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})
export function crc32(bytes) {
  let c = 0xffffffff
  for (const byte of bytes) c = table[(c ^ byte) & 255] ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

// entries: {name, bytes (text or Buffer), ...what is to be otherwise: crc, size, packed, method, flags, attributes,
// system, packedSize}.
export function zip(entries, { comment = '', count, before = Buffer.alloc(0) } = {}) {
  const pieces = [before]
  const directory = []
  let at = before.length
  for (const entry of entries) {
    const name = Buffer.isBuffer(entry.name) ? entry.name : Buffer.from(entry.name)
    const bytes = Buffer.from(entry.bytes ?? '')
    const method = entry.method ?? (bytes.length > 64 ? 8 : 0)
    const packed = entry.packed ?? (method === 8 ? deflateRawSync(bytes) : bytes)
    const flags = entry.flags ?? 0x0800
    const crc = entry.crc ?? crc32(bytes)
    const size = entry.size ?? bytes.length
    const packedSize = entry.packedSize ?? packed.length
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(20, 4)
    head.writeUInt16LE(flags, 6)
    head.writeUInt16LE(method, 8)
    head.writeUInt32LE(0x5a210000, 10)
    head.writeUInt32LE(crc, 14)
    head.writeUInt32LE(packedSize, 18)
    head.writeUInt32LE(size, 22)
    head.writeUInt16LE(name.length, 26)
    const row = Buffer.alloc(46)
    row.writeUInt32LE(0x02014b50, 0)
    row.writeUInt16LE(((entry.system ?? 3) << 8) | 20, 4)
    head.copy(row, 6, 4, 28)
    row.writeUInt16LE(name.length, 28)
    row.writeUInt32LE((entry.attributes ?? (0o100644 << 16)) >>> 0, 38)
    row.writeUInt32LE(at, 42)
    directory.push(row, name)
    pieces.push(head, name, packed)
    at += head.length + name.length + packed.length
  }
  const rows = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count ?? entries.length, 8)
  end.writeUInt16LE(count ?? entries.length, 10)
  end.writeUInt32LE(rows.length, 12)
  end.writeUInt32LE(at, 16)
  end.writeUInt16LE(Buffer.byteLength(comment), 20)
  return Buffer.concat([...pieces, rows, end, Buffer.from(comment)])
}
