// A hostile package: what it tries fails, and here it is seen to fail.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { scorm12 } from './packages.mjs'
import { content, launchBrowser, learner, openPage, saved, Server } from './server.mjs'
import { zip } from './zip.mjs'

let server
let browser
before(async () => {
  server = await new Server().start()
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const hostile = () => zip([
  { name: 'tincan.xml', bytes: `<tincan xmlns="http://projecttincan.com/tincan.xsd"><activities><activity id="https://evil.example/a" type="http://adlnet.gov/expapi/activities/course"><name>evil</name><launch>evil.html</launch></activity></activities></tincan>` },
  { name: 'worker.js', bytes: 'self.onfetch = () => {}' },
  { name: 'evil.html', bytes: `<!doctype html><script>
const q = new URLSearchParams(location.search), server = new URL(q.get('endpoint')).origin
const attempt = async (work) => { try { return String(await work()) } catch (error) { return 'failed: ' + error.name } }
const status = (url, init) => attempt(async () => (await fetch(url, init)).status)
window.tried = (async () => ({
  cookie: await attempt(() => document.cookie),
  setCookie: await attempt(() => { document.cookie = '__Host-leerspoor=x; Secure; Path=/'; return document.cookie.includes('leerspoor') ? 'kept' : 'not kept' }),
  manage: await status(server + '/api/v1/keys', { credentials: 'include' }),
  session: await status(server + '/api/v1/session', { credentials: 'include' }),
  courses: await status(server + '/api/v1/courses', { headers: { Authorization: q.get('auth') } }),
  others: await status(server + '/xapi/statements', { headers: { Authorization: 'Basic ' + btoa('courses:guessed'), 'X-Experience-API-Version': '1.0.3' } }),
  own: await attempt(async () => (await (await fetch(server + '/xapi/statements', { headers: { Authorization: q.get('auth'), 'X-Experience-API-Version': '1.0.3' } })).json()).statements.length),
  other_learner: await status(server + '/xapi/activities/state?' + new URLSearchParams({ activityId: 'https://evil.example/a', stateId: 'x', agent: JSON.stringify({ account: { homePage: 'https://leren.example', name: 'victim' } }) }), { headers: { Authorization: q.get('auth'), 'X-Experience-API-Version': '1.0.3' } }),
  as_other: await status(server + '/xapi/statements', { method: 'POST', headers: { Authorization: q.get('auth'), 'X-Experience-API-Version': '1.0.3', 'Content-Type': 'application/json' }, body: JSON.stringify({ actor: { account: { homePage: 'https://leren.example', name: 'victim' } }, verb: { id: 'http://adlnet.gov/expapi/verbs/passed' }, object: { id: 'https://evil.example/a' } }) }),
  voiding: await status(server + '/xapi/statements', { method: 'POST', headers: { Authorization: q.get('auth'), 'X-Experience-API-Version': '1.0.3', 'Content-Type': 'application/json' }, body: JSON.stringify({ actor: JSON.parse(q.get('actor')), verb: { id: 'http://adlnet.gov/expapi/verbs/voided' }, object: { objectType: 'StatementRef', id: '6690e6c9-3ef0-4ed3-8b37-7f3964730bee' } }) }),
  neighbour: await status(window.name, { mode: 'cors' }),
  neighbour_here: await attempt(async () => (await fetch(new URL(new URL(window.name).pathname, location.href))).status),
  worker: await attempt(async () => { await navigator.serviceWorker.register('worker.js'); return 'registered' }),
  parent: await attempt(() => (parent === window ? 'none' : parent.document.title)),
  opener: await attempt(() => (opener ? opener.document.title : 'none')),
  frame: await attempt(() => new Promise((done) => { const frame = document.createElement('iframe'); frame.onload = () => { let inside; try { inside = frame.contentDocument?.title ?? 'closed' } catch (error) { inside = 'failed: ' + error.name } done(inside) }; frame.src = server + '/library'; document.body.append(frame) }))
}))()
</script><body></body>` }
])

test('A hostile package gets no cookie, no management, nobody else and no other package', async () => {
  const victim = await server.upload(scorm12())
  const other = await server.begin(await server.launch(victim.id, learner('victim')))
  const course = await server.upload(hostile())
  const { page, context } = await openPage(browser)
  // Somebody has signed in at the management of this server, in the same browser.
  const path = JSON.parse(server.command('person', 'add', '--role', 'administrator', '--json')).path
  await page.goto(server.origin + path)
  await page.getByLabel('Name').fill('Alma')
  await page.getByLabel('Password').fill('a long password of Alma')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  const secret = (await context.cookies()).find((one) => one.name.startsWith('__Host-'))
  assert.ok(secret)
  await page.evaluate((url) => { window.name = url }, `${other}quiz.html`)
  await page.goto(await server.begin(await server.launch(course.id, learner('mallory'))))
  await page.evaluate((url) => { window.name = url }, `${other}quiz.html`)
  await page.reload()
  await page.evaluate((url) => { window.name = url }, `${other}quiz.html`)
  const tried = await page.evaluate(() => window.tried)
  assert.ok(!tried.cookie.includes(secret.value))
  assert.deepEqual(tried, {
    cookie: tried.cookie, // a cookie of its own harms nobody
    setCookie: tried.setCookie,
    manage: 'failed: TypeError',
    session: 'failed: TypeError',
    courses: 'failed: TypeError',
    others: '401',
    own: '0',
    other_learner: '403',
    as_other: '403',
    voiding: '403',
    neighbour: tried.neighbour,
    neighbour_here: '404',
    worker: tried.worker,
    parent: 'none',
    opener: 'none',
    frame: tried.frame
  })
  assert.match(tried.neighbour, /^failed/)
  assert.match(tried.worker, /^failed/)
  assert.ok(['closed', 'failed: SecurityError', ''].includes(tried.frame), tried.frame)
  const still = (await context.cookies()).filter((one) => one.name === secret.name && one.domain === secret.domain)
  assert.deepEqual(still.map((one) => one.value), [secret.value])
  assert.deepEqual((await server.ask('GET', '/xapi/statements?agent=' + encodeURIComponent(JSON.stringify(learner('victim'))))).json.statements, [])
  await context.close()
})

test('Content is served with the secret of a session of its version only, in parts too, and never framed by others', async () => {
  const course = await server.upload(scorm12())
  const launch = await server.launch(course.id, learner('klaas'))
  const url = new URL(await server.begin(launch))
  const get = (path, more = {}) => server.ask('GET', path, { host: url.host, as: '', ...more })
  const whole = await get(`${url.pathname}quiz.html`)
  assert.equal(whole.status, 200)
  assert.equal(whole.headers['content-type'], 'text/html')
  assert.equal(whole.headers['x-content-type-options'], 'nosniff')
  assert.match(whole.headers['content-security-policy'], /^frame-ancestors 'self' https:\/\/localhost:\d+$/)
  assert.equal(whole.headers['set-cookie'], undefined)
  const part = await get(`${url.pathname}quiz.html`, { headers: { Range: 'bytes=10-19' } })
  assert.deepEqual([part.status, part.headers['content-range'], part.text], [206, `bytes 10-19/${whole.bytes.length}`, whole.text.slice(10, 20)])
  assert.equal((await get(`${url.pathname}quiz.html`, { headers: { 'If-None-Match': whole.headers.etag } })).status, 304)
  assert.equal((await get(`${url.pathname}quiz.html`, { headers: { Range: 'bytes=999999-' } })).status, 416)
  assert.equal((await get(`${url.pathname}quiz.html`, { headers: { 'Service-Worker': 'script' } })).status, 404)
  for (const path of [`${url.pathname}none.html`, `${url.pathname}../quiz.html`, `/x${url.pathname.slice(2)}quiz.html`, `${url.pathname}%2e%2e/quiz.html`, '/quiz.html', `${url.pathname}imsmanifest.xml/x`])
    assert.equal((await get(path)).status, 404, path)
  // Another name, another version: nothing; and on this server's own name there is no content.
  assert.equal((await get(`${url.pathname}quiz.html`, { host: url.host.replace(/^./, (c) => (c === 'a' ? 'b' : 'a')) })).status, 404)
  assert.equal((await get(`${url.pathname}quiz.html`, { host: `localhost:${server.port}` })).status, 404)
  for (const path of ['/api/v1/courses', '/xapi/statements', '/library', '/metrics'])
    assert.equal((await get(path)).status, 404, path)
})

test('Where all content has one name it is still apart from the management, from other sessions, and sandboxed', async () => {
  const alone = await new Server('--content-host', 'content.localhost').start()
  try {
    const victim = new URL(await alone.begin(await alone.launch((await alone.upload(scorm12())).id, learner('victim'))))
    const launch = await alone.launch((await alone.upload(hostile())).id, learner('mallory'))
    const url = new URL(await alone.begin(launch))
    assert.deepEqual([url.hostname, victim.hostname], ['content.localhost', 'content.localhost'])
    const { page, context } = await openPage(browser)
    await page.goto(url.href)
    const tried = await page.evaluate(() => window.tried)
    for (const what of ['manage', 'session', 'courses']) assert.equal(tried[what], 'failed: TypeError', what)
    assert.deepEqual([tried.others, tried.other_learner, tried.as_other, tried.voiding], ['401', '403', '403', '403'])
    assert.match(tried.worker, /^failed/)
    // Another session's secret opens another version's files, not this one's.
    const path = `${url.pathname.split('/').slice(0, 2).join('/')}/quiz.html`
    assert.equal((await alone.ask('GET', path, { host: url.host, as: '' })).status, 404)
    const file = await alone.ask('GET', `${victim.pathname}quiz.html`, { host: url.host, as: '' })
    assert.match(file.headers['content-security-policy'], /^frame-ancestors 'self' https:\/\/localhost:\d+; sandbox allow-scripts /)
    assert.equal((await alone.ask('GET', '/api/v1/courses', { host: url.host })).status, 404)
    // And a course is learned there.
    await page.goto(victim.href)
    await content(page).locator('#alarm').click()
    await content(page).locator('#save').click()
    await saved(page)
    await context.close()
    assert.ok((await alone.ask('GET', '/xapi/statements?agent=' + encodeURIComponent(JSON.stringify(learner('victim'))))).json.statements.length > 0)
  } finally {
    await alone.stop()
  }
})
