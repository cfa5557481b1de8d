// Packages that are refused: made by rules, each with what it is told. Memory stays flat, nothing is left behind.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { cmi5, cmi5Structure, scorm12, scorm2004, tincan, unit } from './packages.mjs'
import { Server } from './server.mjs'
import { crc32, zip } from './zip.mjs'

let server
before(async () => { server = await new Server('--package-files', '200', '--package-unpacked-bytes', '64m').start() })
after(() => server?.stop())

const manifest = '<manifest identifier="x" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"><metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata><organizations default="o"><organization identifier="o"><title>T</title><item identifier="i" identifierref="r"><title>I</title></item></organization></organizations><resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="a.html"/></resources></manifest>'
const good = [{ name: 'imsmanifest.xml', bytes: manifest }, { name: 'a.html', bytes: '<p>a</p>' }]
const scorm = (xml, more = []) => zip([{ name: 'imsmanifest.xml', bytes: xml }, { name: 'a.html', bytes: 'a' }, ...more])
const cases = []
const add = (name, code, bytes, type) => cases.push({ name, code, bytes, type })

// What is no zip file, or is damaged.
add('nothing', 'package_not_zip', Buffer.alloc(0))
add('a text', 'package_not_zip', Buffer.from('This is not a zip file, however long it is made to be.'))
add('a page', 'package_not_zip', Buffer.from('<!doctype html><title>x</title>'.repeat(20)))
add('random bytes', 'package_not_zip', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) & 255)))
for (const part of [0.1, 0.5, 0.9, 0.99]) {
  const whole = scorm12()
  add(`cut off at ${part}`, 'package_not_zip', whole.subarray(0, Math.floor(whole.length * part)))
}
add('a wrong checksum', 'package_broken', zip([good[0], { name: 'a.html', bytes: 'a'.repeat(500), crc: 1 }]))
add('deflated nonsense', 'package_broken', zip([good[0], { name: 'a.html', bytes: 'x'.repeat(300), packed: Buffer.alloc(40, 255) }]))
add('a directory beyond the end', 'package_broken', (() => { const bytes = Buffer.from(scorm12()); bytes.writeUInt32LE(0x7fffffff, bytes.length - 6); return bytes })())
add('more entries promised', 'package_broken', zip(good, { count: 150 }))
add('a method that is unknown', 'package_method', zip([good[0], { name: 'a.html', bytes: 'x'.repeat(100), method: 97, packed: Buffer.from('y') }]))
add('encrypted', 'package_encrypted', zip([good[0], { name: 'a.html', bytes: 'secret', flags: 0x0801 }]))
add('another type', 'package_type', Buffer.from('x'), 'text/markdown')
add('no type that is known', 'package_type', scorm12(), 'multipart/form-data; boundary=x')

// Names that lead elsewhere.
for (const name of ['../evil.html', '../../etc/passwd', 'a/../../b.html', '/etc/passwd', '\\windows\\x', 'C:\\x.html', 'c:x.html', '..\\evil.html', 'a/b/../../../c', '..', './..',
  'a\tb.html', 'a\nb.html', 'a\u007fb.html', `${'x'.repeat(1100)}.html`, '/'])
  add(`the name ${JSON.stringify(name).slice(0, 30)}`, 'package_entry_name', zip([...good, { name, bytes: 'x' }]))
add('a NUL in a name', 'package_entry_name', zip([...good, { name: Buffer.from('evil.html\0.png'), bytes: 'x' }]))
add('two of one name', 'package_entry_repeated', zip([...good, { name: 'b.html', bytes: '1' }, { name: 'b.html', bytes: '2' }]))
add('two manifests', 'package_entry_repeated', zip([...good, good[0]]))
for (const [one, two] of [['B.html', 'b.html'], ['x/A.js', 'X/a.js'], ['a.HTML', 'b.html']].slice(0, 2))
  add(`${one} and ${two}`, 'package_entry_repeated', zip([...good, { name: one, bytes: '1' }, { name: two, bytes: '2' }]))
add('A.html and a.html', 'package_entry_repeated', zip([...good, { name: 'A.html', bytes: 'x' }]))
for (const [kind, mode] of [['a link', 0o120777], ['a device', 0o020666], ['a block device', 0o060666], ['a pipe', 0o010644], ['a socket', 0o140644]])
  add(kind, 'package_entry_link', zip([...good, { name: 'link', bytes: '/etc/passwd', attributes: (mode << 16) >>> 0 }]))

// Bombs.
const zeros = Buffer.alloc(30 << 20)
const packedZeros = deflateRawSync(zeros, { level: 9 })
add('one file that inflates a thousandfold', 'package_ratio', zip([...good, { name: 'bomb', bytes: zeros, packed: packedZeros }]))
add('many that do', 'package_ratio', zip([...good, ...Array.from({ length: 20 }, (_, i) => ({ name: `bomb${i}`, bytes: zeros, packed: packedZeros, crc: crc32(zeros), size: zeros.length }))].map((one) => (one.packed ? { ...one, bytes: '', method: 8 } : one))))
add('a size that is a lie', 'package_broken', zip([...good, { name: 'lie', bytes: '', method: 8, packed: packedZeros, crc: crc32(zeros), size: 1000 }]))
add('larger than it may be, as it says', 'package_file_too_large', zip([...good, { name: 'big', bytes: 'x', size: 0x7fffffff, packedSize: 0x7ffffff }]))
add('together larger than it may be', 'package_too_large', zip([...good, ...Array.from({ length: 5 }, (_, i) => ({ name: `big${i}`, bytes: 'x', size: 20 << 20, packedSize: 19 << 20 }))]))
add('too many files', 'package_too_many_files', zip([...good, ...Array.from({ length: 300 }, (_, i) => ({ name: `f${i}`, bytes: '' }))]))
add('far too many entries promised', 'package_too_many_files', zip(good, { count: 65000 }))

// No manifest, or none that is XML.
add('an empty zip', 'package_without_manifest', zip([]))
add('files without a manifest', 'package_without_manifest', zip([good[1]]))
add('a manifest of another name', 'package_without_manifest', zip([{ name: 'manifest.xml', bytes: manifest }, good[1]]))
for (const [what, xml] of [['an empty manifest', ''], ['blanks', '  \n '], ['a manifest of words', 'manifest'], ['an end that is missing', '<manifest>'], ['ends that are crossed', '<manifest><a><b></a></b></manifest>'],
  ['an attribute without quotes', '<manifest identifier=x/>'], ['an attribute that is cut', '<manifest identifier="x'], ['a tag that is cut', '<manifest><resour'], ['a lone <', '<manifest>a < b</manifest>'], ['NULs', '<manifest>\0</manifest>'], ['an image', '\x89PNG\r\n\x1a\n']])
  add(what, 'manifest_invalid', scorm(xml))
add('a DOCTYPE', 'manifest_doctype', scorm('<!DOCTYPE manifest>' + manifest))
add('entities that grow', 'manifest_doctype', scorm(`<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')}]><manifest>&l9;</manifest>`))
add('an entity from outside', 'manifest_doctype', scorm('<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><manifest>&x;</manifest>'))
add('too deep', 'manifest_too_deep', scorm('<manifest>' + '<a>'.repeat(5000) + '</a>'.repeat(5000) + '</manifest>'))
add('a manifest too large', 'manifest_too_large', scorm('<manifest>' + Array.from({ length: 1_000_000 }, (_, i) => `<a b="${(i * 2654435761) >>> 0}"/>`).join('') + '</manifest>'))

// Manifests that are not as their standard says.
const change = (from, to) => scorm(manifest.replace(from, to))
add('another first element', 'course_invalid', scorm('<html/>'))
for (const version of ['1.3.1', '2005', '3.0', 'SCORM 1.2', '2004 5th Edition', 'CAM 1.2'])
  add(`SCORM ${version}`, 'course_version', change('<schemaversion>1.2<', `<schemaversion>${version}<`))
add('no resources', 'course_invalid', change(/<resources>.*<\/resources>/, ''))
add('no href', 'course_invalid', change(' href="a.html"', ''))
add('no resource of the item', 'course_invalid', change('identifierref="r"', 'identifierref="other"'))
add('nothing to start', 'course_invalid', change(' identifierref="r"', ''))
add('an item without an identifier', 'course_invalid', change('<item identifier="i"', '<item'))
add('a resource without an identifier', 'course_invalid', change('<resource identifier="r"', '<resource'))
add('two items of one identifier', 'course_id_repeated', change('</organization>', '<item identifier="i"><title>x</title></item></organization>'))
add('two resources of one identifier', 'course_id_repeated', change('</resources>', '<resource identifier="r" href="a.html"/></resources>'))
add('a file that is missing', 'course_file_missing', change('href="a.html"', 'href="b.html"'))
add('a file outside', 'course_file_missing', change('href="a.html"', 'href="../../b.html"'))
add('a base that leads nowhere', 'course_file_missing', change('<resources>', '<resources xml:base="other/">'))
for (const score of ['101', '-1', 'eighty'])
  add(`a mastery score of ${score}`, 'course_invalid', change('<title>I</title>', `<title>I</title><adlcp:masteryscore>${score}</adlcp:masteryscore>`))
const manifest2004 = manifest.replace('<schemaversion>1.2<', '<schemaversion>2004 4th Edition<').replaceAll('scormtype', 'scormType')
const sequenced = (xml) => scorm(manifest2004.replace('<title>I</title>', `<title>I</title><imsss:sequencing xmlns:imsss="http://www.imsglobal.org/xsd/imsss"${xml}`))
add('sequencing of nowhere', 'course_invalid', sequenced(' IDRef="none"/>'))
add('an attempt limit of many', 'course_invalid', sequenced('><imsss:limitConditions attemptLimit="many"/></imsss:sequencing>'))
add('a measure that is none', 'course_invalid', sequenced('><imsss:objectives><imsss:primaryObjective objectiveID="o"><imsss:minNormalizedMeasure>good</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives></imsss:sequencing>'))
add('a threshold of 2', 'course_invalid', scorm(manifest2004.replace('<title>I</title>', '<title>I</title><adlcp:completionThreshold>2</adlcp:completionThreshold>')))

// cmi5 and tincan.xml.
const structure = (units, type = 'text/xml', id) => Buffer.from(cmi5Structure(units, id))
const alone = (name, code, units, id) => add(`cmi5: ${name}`, code, structure(units, 'text/xml', id), 'text/xml')
const web = 'https://content.example/start.html'
alone('no unit', 'course_invalid', '')
alone('an id that is no IRI', 'course_invalid', unit('a', web), 'course one')
alone('a relative URL', 'course_url_invalid', unit('a', 'index.html'))
alone('a URL with blanks', 'course_url_invalid', unit('a', 'https://x.example/a b'))
for (const name of ['endpoint', 'fetch', 'actor', 'registration', 'activityId'])
  alone(`${name} in the URL`, 'course_url_invalid', unit('a', `${web}?x=1&amp;${name}=2`))
alone('two units of one id', 'course_id_repeated', unit('a', web) + unit('a', web))
alone('an unknown moveOn', 'course_invalid', unit('a', web, 'moveOn="Whenever"'))
alone('a mastery score of 2', 'course_invalid', unit('a', web, 'masteryScore="2"'))
alone('a mastery score of ten', 'course_invalid', unit('a', web, 'masteryScore="ten"'))
alone('an unknown launch method', 'course_invalid', unit('a', web, 'launchMethod="Popup"'))
alone('an unknown element', 'course_invalid', unit('a', web).replace('<url>', '<href/><url>'))
alone('no title', 'course_invalid', unit('a', web).replace(/<title>.*?<\/title>/, ''))
alone('a title without a text', 'course_invalid', unit('a', web).replace(/<title>.*?<\/title>/, '<title/>'))
alone('an empty block', 'course_invalid', '<block id="https://x.example/b"><title><langstring>b</langstring></title><description><langstring>b</langstring></description></block>')
add('cmi5: another namespace', 'course_version', Buffer.from(cmi5Structure(unit('a', web)).replace('/v1/', '/v9/')), 'text/xml')
add('cmi5: a file that is missing', 'course_file_missing', zip([{ name: 'cmi5.xml', bytes: cmi5Structure(unit('a', 'none.html')) }]))
add('a manifest alone that is another', 'course_invalid', Buffer.from('<manifest/>'), 'text/xml')
const story = (activity) => zip([{ name: 'tincan.xml', bytes: `<tincan><activities>${activity}</activities></tincan>` }, { name: 'a.html', bytes: 'a' }])
add('tincan: nothing to start', 'course_invalid', story('<activity id="https://x.example/a"/>'))
add('tincan: an id that is none', 'course_invalid', story('<activity id="a"><launch>a.html</launch></activity>'))
add('tincan: a file that is missing', 'course_file_missing', story('<activity id="https://x.example/a"><launch>b.html</launch></activity>'))
add('tincan: no URL', 'course_url_invalid', story('<activity id="https://x.example/a"><launch></launch></activity>'))
add('tincan: two of one id', 'course_id_repeated', story('<activity id="https://x.example/a"><launch>a.html</launch></activity>'.repeat(2)))

const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024
const files = () => {
  const count = (folder) => (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).length : 0)
  return [count(join(server.data, 'content')), count(join(server.data, 'attachments', 'incoming'))]
}

test(`Each of ${cases.length} bad packages is refused with its own sentence, and nothing of it stays`, async () => {
  assert.ok(cases.length >= 100, String(cases.length))
  assert.deepEqual(cases.map((one) => one.name).filter((name, i, all) => all.indexOf(name) !== i), [])
  const wrong = []
  const start = memory()
  for (const { name, code, bytes, type = 'application/zip' } of cases) {
    const { status, json } = await server.ask('POST', '/api/v1/courses', { body: bytes, type })
    if (json?.code !== code || status < 400 || status >= 500 || !/^[A-Z].*[.)\w]$/.test(json.detail ?? '')) wrong.push([name, code, status, json?.code, json?.detail])
  }
  assert.deepEqual(wrong, [])
  assert.deepEqual(files(), [0, 0])
  assert.deepEqual((await server.ask('GET', '/api/v1/courses')).json.items, [])
  assert.ok(memory() - start < 64, `${memory() - start} MiB more`)
})

test('What authoring tools often do is taken, with a warning that says where', async () => {
  const taken = async (bytes) => {
    const { status, json } = await server.ask('POST', '/api/v1/courses?dry_run=true', { body: bytes, type: 'application/zip' })
    assert.equal(status, 200, JSON.stringify(json))
    return json.warnings.map((one) => [one.code, one.where])
  }
  const inside = (folder, xml = manifest, file = 'a.html') => zip([{ name: `${folder}imsmanifest.xml`, bytes: xml }, { name: `${folder}${file}`, bytes: 'a' }])
  assert.deepEqual(await taken(inside('')), [])
  assert.deepEqual(await taken(inside('my course/')), [['manifest_folder', 'my course/imsmanifest.xml']])
  assert.deepEqual(await taken(zip([{ name: 'IMSManifest.XML', bytes: manifest }, good[1]])), [['file_name_case', 'IMSManifest.XML']])
  assert.deepEqual(await taken(inside('', manifest, 'A.HTML')), [['file_name_case', 'imsmanifest.xml:1']])
  assert.deepEqual(await taken(inside('', '\ufeff' + manifest)), [])
  assert.deepEqual(await taken(inside('', Buffer.from('\ufeff' + manifest, 'utf16le'))), [])
  assert.deepEqual(await taken(zip([{ name: 'imsmanifest.xml', bytes: manifest.replace('a.html', 'res\\a.html') }, { name: 'res\\a.html', bytes: 'a' }])), [])
  assert.deepEqual(await taken(inside('', manifest.replace('href="a.html"', 'href="a%2ehtml"'))), [])
  assert.deepEqual((await taken(inside('', manifest.replace(/<metadata>.*<\/metadata>/, ''))))[0], ['schemaversion_missing', 'imsmanifest.xml:1'])
  assert.deepEqual(await taken(inside('', manifest.replace('href="a.html"/>', 'href="a.html"><file href="gone.png"/></resource>').replace('</resource></resource>', '</resource>'))), [['file_missing', 'imsmanifest.xml:1']])
  assert.deepEqual((await taken(inside('', manifest.replace(/<organizations.*<\/organizations>/, '<organizations/>'))))[0], ['organizations_empty', 'imsmanifest.xml:1'])
  assert.deepEqual(await taken(zip([...good, { name: '__MACOSX/._a.html', bytes: 'x' }, { name: '.DS_Store', bytes: 'x' }, { name: 'Thumbs.db', bytes: 'x' }])), [])
})

test('Versions: the same once more changes nothing, another is a new one; files are kept once; a course in use stays', async () => {
  const first = await server.upload(scorm12())
  assert.equal(first.versions, 1)
  const before = files()[0]
  assert.equal((await server.upload(scorm12())).versions, 1)
  assert.equal(files()[0], before)
  const changed = zip([{ name: 'imsmanifest.xml', bytes: manifest.replace('identifier="x"', 'identifier="example.fire.safety"') }, good[1]])
  const second = await server.upload(changed)
  assert.deepEqual([second.id, second.versions], [first.id, 2])
  const other = await server.upload(scorm2004())
  for (const bytes of [cmi5(), tincan()]) await server.upload(bytes)
  assert.equal((await server.ask('POST', `/api/v1/courses?course=${first.id}`, { body: cmi5(), type: 'application/zip' })).json.code, 'course_kind_other')
  // Who began with a version finishes it.
  const someone = { account: { homePage: 'https://leren.example', name: 'mia' } }
  await server.launch(first.id, someone)
  assert.equal((await server.ask('DELETE', `/api/v1/courses/${first.id}`)).json.code, 'course_in_use')
  assert.equal((await server.ask('PATCH', `/api/v1/courses/${first.id}`, { body: { retired: true } })).json.retired, true)
  assert.equal((await server.ask('POST', '/api/v1/launches', { body: { course: first.id, learner: { mbox: 'mailto:new@leren.example' } } })).json.code, 'course_retired')
  await server.launch(first.id, someone)
  assert.equal((await server.ask('DELETE', `/api/v1/courses/${other.id}`)).status, 204)
  assert.equal((await server.ask('GET', `/api/v1/courses/${other.id}`)).status, 404)
})
