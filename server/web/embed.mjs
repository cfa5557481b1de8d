// Makes C++ of what Vite built: a table of files, whose bytes the assembler takes in.
//
//   node embed.mjs DIST OUT.cpp
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const [dist, out] = process.argv.slice(2)
const types = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}
const files = ['index.html', 'player.html', ...readdirSync(join(dist, 'assets')).sort().map((name) => `assets/${name}`)]
let names = ''
let bytes = ''
let rows = ''
files.forEach((file, i) => {
  const type = types[file.split('.').pop()]
  if (!type) throw new Error(`${file}: a type that embed.mjs does not know`)
  const path = join(dist, file)
  const content = readFileSync(path)
  const packed = gzipSync(content, { level: 9 })
  writeFileSync(`${path}.gz`, packed)
  const etag = createHash('sha256').update(content).digest('hex').slice(0, 16)
  for (const [name, from] of [[`leerspoor_asset_${i}`, path], [`leerspoor_asset_${i}_gz`, `${path}.gz`]]) {
    names += `extern const char ${name}[];\n`
    bytes += `    ".global ${name}\\n${name}:\\n.incbin \\"${from}\\"\\n"\n`
  }
  rows += `    {"/${file === 'index.html' ? '' : file}", "${type}", "\\"${etag}\\"", {leerspoor_asset_${i}, ${content.length}}, {leerspoor_asset_${i}_gz, ${packed.length}}},\n`
})
writeFileSync(out, `// Made by server/web/embed.mjs.
#include "server/web/assets.hpp"

__asm__(".section .rodata\\n"
${bytes}    ".text\\n");

extern "C" {
${names}}

namespace leerspoor::server::web {
namespace {

const Asset table[] = {
${rows}};

} // namespace

std::span<const Asset> assets() {
    return table;
}

} // namespace leerspoor::server::web
`)
