// Courses made by hand: small, whole, of each kind, with questions to answer.
import { zip } from './zip.mjs'

const page = (title, body, script) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<style>body{font:1.1rem system-ui;max-width:40rem;margin:2rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem;margin:.25rem}</style>
</head><body><main><h1>${title}</h1>${body}</main><script>${script}</script></body></html>`

// How content finds the run-time (SCORM 1.2 RTE 3.3.6; SCORM 2004 RTE 3.3.1).
const find = (name) => `
function findApi() {
  let win = window
  for (let i = 0; i < 500 && !win.${name} && win.parent && win.parent !== win; i++) win = win.parent
  return win.${name}
}
const api = findApi()
document.body.dataset.api = api ? 'found' : 'missing'
`

// A quiz of two questions for 1.2; its buttons are what a test presses.
export const quiz12 = page('Fire safety', `
<p id="where"></p>
<fieldset><legend>What do you do first?</legend>
<button id="alarm">Raise the alarm</button> <button id="run">Run</button></fieldset>
<fieldset><legend>Which two do you close?</legend><button id="doors">Doors and windows</button></fieldset>
<p><button id="save">Save</button> <button id="finish">Finish</button></p>`, `
${find('API')}
api.LMSInitialize('')
const start = Date.now()
const suspended = api.LMSGetValue('cmi.suspend_data')
document.getElementById('where').textContent = api.LMSGetValue('cmi.core.entry') + '|' + api.LMSGetValue('cmi.core.lesson_location') + '|' + suspended
document.body.dataset.learner = api.LMSGetValue('cmi.core.student_name')
let count = Number(api.LMSGetValue('cmi.interactions._count'))
function answer(id, type, response, correct, result) {
  const n = 'cmi.interactions.' + count++
  api.LMSSetValue(n + '.id', id)
  api.LMSSetValue(n + '.type', type)
  api.LMSSetValue(n + '.correct_responses.0.pattern', correct)
  api.LMSSetValue(n + '.student_response', response)
  api.LMSSetValue(n + '.result', result)
  api.LMSSetValue(n + '.latency', '0000:00:02.50')
}
let good = Number((suspended.match(/good=(\\d)/) || [0, 0])[1])
function keep() { api.LMSSetValue('cmi.suspend_data', 'good=' + good) }
document.getElementById('alarm').onclick = () => { answer('first', 'choice', 'a', 'a', 'correct'); good++; api.LMSSetValue('cmi.core.lesson_location', 'page-2'); keep() }
document.getElementById('run').onclick = () => { answer('first', 'choice', 'b', 'a', 'wrong'); api.LMSSetValue('cmi.core.lesson_location', 'page-2'); keep() }
document.getElementById('doors').onclick = () => { answer('two', 'choice', 'd,w', 'd,w', 'correct'); good++; keep() }
function spent() { const s = Math.round((Date.now() - start) / 1000); api.LMSSetValue('cmi.core.session_time', '0000:' + String(Math.floor(s / 60)).padStart(2, '0') + ':' + String(s % 60).padStart(2, '0')) }
document.getElementById('save').onclick = () => { document.body.dataset.saved = api.LMSCommit('') }
document.getElementById('finish').onclick = () => {
  api.LMSSetValue('cmi.core.score.raw', String(good * 50)); api.LMSSetValue('cmi.core.score.min', '0'); api.LMSSetValue('cmi.core.score.max', '100')
  api.LMSSetValue('cmi.core.lesson_status', good === 2 ? 'passed' : 'failed')
  spent(); api.LMSSetValue('cmi.core.exit', ''); document.body.dataset.finished = api.LMSFinish('')
}
addEventListener('pagehide', () => { if (document.body.dataset.finished) return; api.LMSSetValue('cmi.core.exit', 'suspend'); spent(); api.LMSFinish('') })
`)

// One page that is completed by looking, for 1.2 and 2004.
const lesson12 = (title) => page(title, '<p>Read this.</p><button id="done">I have read it</button>', `
${find('API')}
api.LMSInitialize('')
document.getElementById('done').onclick = () => { api.LMSSetValue('cmi.core.lesson_status', 'completed'); document.body.dataset.saved = api.LMSCommit('') }
addEventListener('pagehide', () => api.LMSFinish(''))
`)
export const lesson2004 = (title, more = '') => page(title, `<p>Read this.</p><button id="done">I have read it</button> <button id="fail">I do not get it</button>${more}`, `
${find('API_1484_11')}
api.Initialize('')
document.body.dataset.entry = api.GetValue('cmi.entry')
document.body.dataset.location = api.GetValue('cmi.location')
function judge(passed) {
  const n = 'cmi.interactions.' + api.GetValue('cmi.interactions._count')
  api.SetValue(n + '.id', 'urn:example:understood'); api.SetValue(n + '.type', 'true-false')
  api.SetValue(n + '.correct_responses.0.pattern', 'true'); api.SetValue(n + '.learner_response', String(passed)); api.SetValue(n + '.result', passed ? 'correct' : 'incorrect')
  api.SetValue('cmi.score.scaled', passed ? '1' : '0.2'); api.SetValue('cmi.success_status', passed ? 'passed' : 'failed'); api.SetValue('cmi.completion_status', 'completed')
  api.SetValue('cmi.progress_measure', '1'); api.SetValue('cmi.location', 'end')
  document.body.dataset.saved = api.Commit('')
}
document.getElementById('done').onclick = () => judge(true)
document.getElementById('fail').onclick = () => judge(false)
addEventListener('pagehide', () => { api.SetValue('cmi.session_time', 'PT10S'); api.SetValue('cmi.exit', 'normal'); api.Terminate('') })
`)

const manifest12 = (items, resources, title = 'Fire safety') => `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="example.${title.toLowerCase().replaceAll(' ', '.')}" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="org"><organization identifier="org"><title>${title}</title>${items}</organization></organizations>
  <resources>${resources}</resources>
</manifest>`
const item = (id, title, more = '') => `<item identifier="${id}" identifierref="${id}-r"><title>${title}</title>${more}</item>`
const resource = (id, href, type = 'sco', attribute = 'scormtype') => `<resource identifier="${id}-r" type="webcontent" adlcp:${attribute}="${type}" href="${href}"><file href="${href}"/></resource>`

// `change`: what is otherwise in its page, in a later version.
export const scorm12 = (change = (html) => html) => zip([
  { name: 'imsmanifest.xml', bytes: manifest12(item('quiz', 'Fire safety', '<adlcp:masteryscore>80</adlcp:masteryscore>'), resource('quiz', 'quiz.html')) },
  { name: 'quiz.html', bytes: change(quiz12) }
])

// `more`: entries that a later version has too.
export const scorm12Parts = (...more) => zip([
  { name: 'imsmanifest.xml', bytes: manifest12(
    `${item('one', 'Before a fire')}<item identifier="group"><title>During a fire</title>${item('two', 'At home')}${item('three', 'At work', '<adlcp:prerequisites type="aicc_script">one&amp;two</adlcp:prerequisites>')}</item>`,
    `${resource('one', 'one.html')}${resource('two', 'two.html')}${resource('three', 'three.html')}`, 'Three parts') },
  { name: 'one.html', bytes: lesson12('Before a fire') },
  { name: 'two.html', bytes: lesson12('At home') },
  { name: 'three.html', bytes: lesson12('At work') },
  ...more
])

const manifest2004 = (sequencing, items, resources, title, edition = '4th') => `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="example.${title.toLowerCase().replaceAll(' ', '.')}" version="1.0" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3" xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 ${edition} Edition</schemaversion></metadata>
  <organizations default="org"><organization identifier="org"><title>${title}</title>${items}${sequencing}</organization></organizations>
  <resources>${resources}</resources>
</manifest>`
const resource2004 = (id, href) => resource(id, href, 'sco', 'scormType')

export const scorm2004 = () => zip([
  { name: 'imsmanifest.xml', bytes: manifest2004('', item('only', 'One lesson'), resource2004('only', 'only.html'), 'One lesson', '3rd') },
  { name: 'only.html', bytes: lesson2004('One lesson') }
])

// A test first: who passes it skips the lesson; then an exam that is shown only after one of both.
export const scorm2004Sequenced = () => {
  const shares = (write) => `<imsss:mapInfo targetObjectiveID="global.known" readSatisfiedStatus="${!write}" writeSatisfiedStatus="${write}"/>`
  return zip([
    { name: 'imsmanifest.xml', bytes: manifest2004(
      '<imsss:sequencing><imsss:controlMode choice="false" flow="true"/></imsss:sequencing>',
      item('pre', 'What do you know?', `<imsss:sequencing><imsss:objectives><imsss:primaryObjective objectiveID="pre-o">${shares(true)}</imsss:primaryObjective></imsss:objectives></imsss:sequencing>`) +
      item('lesson', 'The lesson', `<imsss:sequencing><imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions><imsss:ruleCondition referencedObjective="known" condition="satisfied"/></imsss:ruleConditions><imsss:ruleAction action="skip"/></imsss:preConditionRule></imsss:sequencingRules><imsss:objectives><imsss:primaryObjective objectiveID="lesson-o"/><imsss:objective objectiveID="known">${shares(false)}</imsss:objective></imsss:objectives></imsss:sequencing>`) +
      item('exam', 'The exam'),
      ['pre', 'lesson', 'exam'].map((id) => resource2004(id, `${id}.html`)).join(''), 'A sequence') },
    { name: 'pre.html', bytes: lesson2004('What do you know?') },
    { name: 'lesson.html', bytes: lesson2004('The lesson') },
    { name: 'exam.html', bytes: lesson2004('The exam') }
  ])
}

const texts = (name, text) => `<${name}><langstring lang="en">${text}</langstring><langstring lang="nl">${text}</langstring></${name}>`
export const cmi5Structure = (units, id = 'https://example.org/courses/cmi5') => `<?xml version="1.0" encoding="utf-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
  <course id="${id}">${texts('title', 'A cmi5 course')}${texts('description', 'One block')}</course>${units}
</courseStructure>`
export const unit = (id, url, attributes = '') => `<au id="https://example.org/courses/cmi5/${id}" ${attributes}>${texts('title', id)}${texts('description', id)}<url>${url}</url></au>`

const cmi5Page = page('A cmi5 unit', '<button id="pass">Pass</button>', `
const q = new URLSearchParams(location.search)
const actor = JSON.parse(q.get('actor')), registration = q.get('registration'), endpoint = q.get('endpoint')
const uuid = () => crypto.randomUUID()
let auth, data
const ask = (path, init = {}) => fetch(endpoint + path, { ...init, headers: { Authorization: auth, 'X-Experience-API-Version': '1.0.3', 'Content-Type': 'application/json', ...init.headers } })
const of = (params) => new URLSearchParams({ agent: q.get('actor'), ...params })
async function say(verb, result, move) {
  const statement = { id: uuid(), timestamp: new Date().toISOString(), actor, verb: { id: 'http://adlnet.gov/expapi/verbs/' + verb, display: { en: verb } }, object: { id: q.get('activityId') }, context: structuredClone(data.contextTemplate) }
  statement.context.registration = registration
  statement.context.contextActivities.category = [{ id: 'https://w3id.org/xapi/cmi5/context/categories/cmi5' }, ...(move ? [{ id: 'https://w3id.org/xapi/cmi5/context/categories/moveon' }] : [])]
  if (result) statement.result = result
  return (await ask('statements?statementId=' + statement.id, { method: 'PUT', body: JSON.stringify(statement) })).status
}
const started = (async () => {
  auth = 'Basic ' + (await (await fetch(q.get('fetch'), { method: 'POST' })).json())['auth-token']
  data = await (await ask('activities/state?' + of({ activityId: q.get('activityId'), registration, stateId: 'LMS.LaunchData' }))).json()
  await ask('agents/profile?' + of({ profileId: 'cmi5LearnerPreferences' }))
  document.body.dataset.began = await say('initialized')
})()
document.getElementById('pass').onclick = async () => {
  await started
  document.body.dataset.completed = await say('completed', { completion: true, duration: 'PT5S' }, true)
  document.body.dataset.passed = await say('passed', { success: true, duration: 'PT5S' }, true)
  document.body.dataset.ended = await say('terminated', { duration: 'PT6S' })
  if (data.returnURL) location.href = data.returnURL
}
`)

export const cmi5 = () => zip([
  { name: 'cmi5.xml', bytes: cmi5Structure(`<block id="https://example.org/courses/cmi5/block">${texts('title', 'Block')}${texts('description', 'Block')}${unit('one', 'one/index.html?theme=plain', 'moveOn="CompletedAndPassed"')}</block>`) },
  { name: 'one/index.html', bytes: cmi5Page }
])

export const tincan = () => zip([
  { name: 'tincan.xml', bytes: `<?xml version="1.0" encoding="utf-8"?>
<tincan xmlns="http://projecttincan.com/tincan.xsd"><activities><activity id="https://example.org/activities/story" type="http://adlnet.gov/expapi/activities/course"><name lang="en-US">A story</name><description lang="en-US">Told with xAPI</description><launch lang="en-US">story.html</launch></activity></activities></tincan>` },
  { name: 'story.html', bytes: page('A story', '<button id="done">Done</button>', `
const q = new URLSearchParams(location.search)
const send = () => fetch(q.get('endpoint') + 'statements', { method: 'POST', headers: { Authorization: q.get('auth'), 'X-Experience-API-Version': '1.0.3', 'Content-Type': 'application/json' }, body: JSON.stringify({ actor: JSON.parse(q.get('actor')), verb: { id: 'http://adlnet.gov/expapi/verbs/experienced' }, object: { id: q.get('activity_id') }, context: { registration: q.get('registration') } }) })
document.getElementById('done').onclick = async () => { document.body.dataset.sent = (await send()).status }
`) }
])
