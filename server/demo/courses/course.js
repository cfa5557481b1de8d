// A small course: texts to read, then questions, then how it went. What it tells an LMS is tracker.js's affair.
import { begin } from './tracker.js'

const course = JSON.parse(document.getElementById('course').textContent)
const main = document.querySelector('main')
const steps = [...course.pages.map((page) => ({ page })), ...course.questions.map((question) => ({ question })), { end: true }]
const tracker = await begin()
// {at: the step, given: {question: choice}}, as it was left.
const state = { at: 0, given: {}, ...tracker.state }
let since = Date.now()

function element(name, attributes, ...children) {
  const made = Object.assign(document.createElement(name), attributes)
  made.append(...children)
  return made
}

function goTo(at) {
  state.at = at
  tracker.keep(state, at / (steps.length - 1))
  if (steps[at].end) end()
  show()
}

// Tells the result once: a course that was ended is looked at again.
function end() {
  if (state.ended) return
  state.ended = true
  const right = course.questions.filter((one) => state.given[one.id] === one.right).length
  state.scaled = course.questions.length ? right / course.questions.length : null
  tracker.keep(state, 1)
  tracker.finish({ scaled: state.scaled, passed: state.scaled === null ? null : state.scaled >= course.pass })
}

function answer(question, choice) {
  if (state.given[question.id]) return
  state.given[question.id] = choice
  tracker.answer({ ...question, lang: course.lang, given: choice, seconds: (Date.now() - since) / 1000 })
  tracker.keep(state, state.at / (steps.length - 1))
  show()
}

function choices(question) {
  const given = state.given[question.id]
  return element('ul', { className: 'choices' }, ...question.choices.map((one) => {
    const className = !given ? '' : one.id === question.right ? 'right' : one.id === given ? 'wrong' : ''
    return element('li', {}, element('button', { textContent: one.text, className, disabled: Boolean(given), onclick: () => answer(question, one.id) }))
  }))
}

function body(step) {
  if (step.page) return [step.page.title, ...step.page.text.map((text) => element('p', { textContent: text }))]
  if (step.question) {
    const given = state.given[step.question.id]
    const judged = given ? [element('p', { role: 'status', textContent: `${given === step.question.right ? 'Goed.' : 'Niet goed.'} ${step.question.why}` })] : []
    return [step.question.text, choices(step.question), ...judged]
  }
  const back = tracker.back ? [element('p', {}, element('a', { href: tracker.back, textContent: 'Terug naar de cursus' }))] : []
  if (state.scaled === null) return ['Klaar', element('p', { textContent: 'U hebt alles gelezen. U kunt dit onderdeel sluiten.' }), ...back]
  const passed = state.scaled >= course.pass
  return [passed ? 'Geslaagd' : 'Nog niet geslaagd',
    element('p', { textContent: `U had ${Math.round(state.scaled * 100)}% goed; ${Math.round(course.pass * 100)}% is genoeg.` }), ...back]
}

function show() {
  since = Date.now()
  const step = steps[state.at]
  const [title, ...parts] = body(step)
  const heading = element('h2', { textContent: title, tabIndex: -1 })
  const navigation = element('nav', {})
  if (state.at > 0) navigation.append(element('button', { textContent: 'Terug', onclick: () => goTo(state.at - 1) }))
  if (!step.end && (!step.question || state.given[step.question.id]))
    navigation.append(element('button', { className: 'next', textContent: 'Verder', onclick: () => goTo(state.at + 1) }))
  main.replaceChildren(element('h1', { textContent: course.title }),
    element('progress', { max: steps.length - 1, value: state.at, ariaLabel: 'Voortgang' }), heading, ...parts, navigation)
  heading.focus({ preventScroll: true })
}

addEventListener('pagehide', () => tracker.leave(Boolean(state.ended)))
show()
