// Plants one fault after the other in a copy of the tree (build/faults/tree), builds the test program that is named
// for it, and runs the test that is named for it: it must fail. Ends with 1 when a fault was not found, does not
// compile, or does not fit the sources any more.
//
//   node tests/faults/run.mjs [PART OF A NAME...]
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { faults } from './faults.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const tree = join(root, 'build', 'faults', 'tree')
const build = join(tree, 'build', 'dev')
const patience = 600_000
// Catch2 reads a comma as "or".
const pattern = (test) => test.replaceAll(',', '\\,')

const wanted = process.argv.slice(2)
const chosen = faults.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)))

// The files as they are, committed or not; unchanged ones stay untouched, so that little is built.
const files = execFileSync('git', ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).split('\0').filter(Boolean)
for (const file of files.filter((name) => existsSync(join(root, name)))) {
  const from = readFileSync(join(root, file))
  const to = join(tree, file)
  if (existsSync(to) && from.equals(readFileSync(to))) continue
  mkdirSync(dirname(to), { recursive: true })
  cpSync(join(root, file), to)
}
if (!existsSync(join(build, 'build.ninja'))) execFileSync('cmake', ['--preset', 'dev'], { cwd: tree, stdio: 'ignore' })

const make = (program) => spawnSync('ninja', ['-C', build, program], { encoding: 'utf8', timeout: patience })
const programs = [...new Set(chosen.map(({ program }) => program))]
for (const program of programs) {
  const made = make(program)
  if (made.status !== 0) {
    console.error(made.stdout)
    process.exit(1)
  }
}

// What became of it; '' when the test found it.
function plant({ file, from, to, program, test }) {
  const path = join(tree, file)
  const sound = readFileSync(path, 'utf8')
  const parts = sound.split(from)
  if (parts.length !== 2) return `fits ${parts.length - 1} places of ${file}`
  const run = () => spawnSync(join(build, 'bin', program), [pattern(test)], { cwd: '/tmp', encoding: 'utf8', timeout: patience })
  try {
    writeFileSync(path, parts.join(to))
    const made = make(program)
    if (made.status !== 0) return `does not compile: ${/error: .*/.exec(made.stdout)?.[0] ?? ''}`
    const ran = run()
    if (/No test cases matched/.test(ran.stdout)) return 'its test is not there'
    return ran.status === 0 ? 'NOT FOUND' : ''
  } finally {
    writeFileSync(path, sound)
  }
}

let missed = 0
for (const fault of chosen) {
  const outcome = plant(fault)
  if (outcome !== '') ++missed
  console.log(`${outcome === '' ? 'found' : outcome}: ${fault.name}`)
}
// And without faults all of those tests pass.
for (const program of programs) make(program)
for (const { name, program, test } of chosen) {
  const ran = spawnSync(join(build, 'bin', program), [pattern(test)], { cwd: '/tmp', encoding: 'utf8', timeout: patience })
  if (ran.status === 0) continue
  ++missed
  console.log(`fails without its fault: ${name}`)
}
console.log(`${chosen.length} faults, ${missed} not found`)
process.exit(missed === 0 ? 0 : 1)
