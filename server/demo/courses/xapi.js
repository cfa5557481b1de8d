// Tells a record store by xAPI: as a unit of a cmi5 course, or with what a link of a tincan.xml package says.

const asked = new URLSearchParams(location.search)
const cmi5 = asked.has('fetch')
const endpoint = asked.get('endpoint')?.replace(/\/?$/, '/')
const activity = asked.get(cmi5 ? 'activityId' : 'activity_id')
const registration = asked.get('registration')
const agent = asked.get('actor')
const begun = Date.now()
let authorization
let template = {}
let looking = false

const categories = 'https://w3id.org/xapi/cmi5/context/categories/'
const masteryScore = 'https://w3id.org/xapi/cmi5/context/extensions/masteryscore'
const verbs = 'http://adlnet.gov/expapi/verbs/'
const seconds = (n) => `PT${n.toFixed(2)}S`

async function ask(path, parameters, init = {}) {
  const answer = await fetch(`${endpoint}${path}?${new URLSearchParams(parameters)}`, {
    ...init, headers: { Authorization: authorization, 'X-Experience-API-Version': '1.0.3', ...(init.body ? { 'Content-Type': 'application/json' } : {}) },
  })
  if (!answer.ok && answer.status !== 404) throw new Error(`${path}: ${answer.status}`)
  return answer
}
const stateOf = (stateId) => ({ activityId: activity, agent, ...(registration ? { registration } : {}), stateId })

// One thing after the other: the order of statements is the order of what happened.
let last = Promise.resolve()
const afterwards = (work) => (last = last.then(work).catch((error) => console.error(error)))

// `of`: the cmi5 categories it belongs to; `by`: the score that it was judged by (cmi5 9.6.3.2).
function say(verb, { object = { id: activity }, result, of = [], by, leaving = false } = {}) {
  const statement = {
    id: crypto.randomUUID(), timestamp: new Date().toISOString(), actor: JSON.parse(agent),
    verb: { id: verbs + verb, display: { en: verb } }, object, ...(result ? { result } : {}),
    context: structuredClone(template),
  }
  if (registration) statement.context.registration = registration
  if (cmi5) {
    const others = statement.context.contextActivities ??= {}
    others.category = [...(others.category ?? []), ...of.map((name) => ({ id: categories + name }))]
    if (others.category.length === 0) delete others.category
    if (by !== undefined) statement.context.extensions = { ...statement.context.extensions, [masteryScore]: by }
  }
  return ask('statements', { statementId: statement.id }, { method: 'PUT', body: JSON.stringify(statement), keepalive: leaving })
}

export async function begin() {
  if (!endpoint) return { ...tracker, state: {} }
  if (cmi5) {
    authorization = `Basic ${(await (await fetch(asked.get('fetch'), { method: 'POST' })).json())['auth-token']}`
    const data = await (await ask('activities/state', stateOf('LMS.LaunchData'))).json()
    template = data.contextTemplate
    looking = data.launchMode !== 'Normal'
    tracker.mastery = data.masteryScore
    tracker.back = data.returnURL
    await ask('agents/profile', { agent, profileId: 'cmi5LearnerPreferences' })
  } else {
    authorization = asked.get('auth')
  }
  const kept = looking ? undefined : await ask('activities/state', stateOf('place'))
  await say('initialized', { of: ['cmi5'] })
  return { ...tracker, state: kept?.ok ? await kept.json() : {} }
}

const tracker = {
  keep(state) {
    if (!endpoint || looking) return
    const body = JSON.stringify(state)
    afterwards(() => ask('activities/state', stateOf('place'), { method: 'PUT', body }))
  },
  answer({ id, text, choices, lang, right, given, seconds: spent }) {
    if (!endpoint || looking) return
    const definition = {
      type: 'http://adlnet.gov/expapi/activities/cmi.interaction', interactionType: 'choice', description: { [lang]: text },
      choices: choices.map((one) => ({ id: one.id, description: { [lang]: one.text } })), correctResponsesPattern: [right],
    }
    const result = { response: given, success: given === right, duration: seconds(spent) }
    afterwards(() => say('answered', { object: { id: `${activity}/${id}`, definition }, result }))
  },
  finish({ scaled, passed }) {
    if (!endpoint || looking) return
    const duration = seconds((Date.now() - begun) / 1000)
    afterwards(() => say('completed', { result: { completion: true, duration }, of: ['cmi5', 'moveon'] }))
    if (scaled === null) return
    const by = this.mastery
    const enough = by === undefined ? passed : scaled >= by
    const result = { success: enough, score: { scaled }, duration }
    afterwards(() => say(enough ? 'passed' : 'failed', { result, of: ['cmi5', 'moveon'], by }))
  },
  leave() {
    if (endpoint) say('terminated', { result: { duration: seconds((Date.now() - begun) / 1000) }, of: ['cmi5'], leaving: true })
  },
}
