// Tells an LMS by SCORM 1.2 or SCORM 2004, whichever run-time the page finds.

// How content finds it (SCORM 1.2 RTE 3.3.6; SCORM 2004 RTE 3.3.1).
function find(name) {
  let place = window
  for (let i = 0; i < 500 && !place[name] && place.parent !== place; ++i) place = place.parent
  return place[name]
}
const two = find('API_1484_11')
const one = two ? undefined : find('API')
const call = (name, ...given) => (two ? two[name](...given) : one ? one[`LMS${name}`](...given) : '')
const get = (name) => call('GetValue', name)
const set = (name, value) => call('SetValue', name, String(value))

const begun = Date.now()
const clock = (seconds) => {
  const whole = Math.floor(seconds)
  const two = (n) => String(n).padStart(2, '0')
  return `${String(Math.floor(whole / 3600)).padStart(4, '0')}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}.${two(Math.floor((seconds % 1) * 100))}`
}
const time = (seconds) => (two ? `PT${seconds.toFixed(2)}S` : clock(seconds))

export async function begin() {
  call('Initialize', '')
  const kept = get('cmi.suspend_data')
  const looking = get(two ? 'cmi.mode' : 'cmi.core.lesson_mode') !== 'normal'
  return { ...tracker, state: kept && !looking ? JSON.parse(kept) : {} }
}

const tracker = {
  keep(state, progress) {
    set('cmi.suspend_data', JSON.stringify(state))
    set(two ? 'cmi.location' : 'cmi.core.lesson_location', state.at)
    if (two) set('cmi.progress_measure', progress.toFixed(4))
    const status = two ? 'cmi.completion_status' : 'cmi.core.lesson_status'
    if (!state.ended && ['unknown', 'not attempted'].includes(get(status))) set(status, 'incomplete')
    call('Commit', '')
  },
  answer({ id, text, lang, right, given, seconds }) {
    const name = `cmi.interactions.${get('cmi.interactions._count')}`
    set(`${name}.id`, two ? `urn:x-leerspoor-demo:${id}` : id)
    set(`${name}.type`, 'choice')
    set(`${name}.correct_responses.0.pattern`, right)
    if (two) set(`${name}.description`, `{lang=${lang}}${text}`)
    set(`${name}.${two ? 'learner' : 'student'}_response`, given)
    set(`${name}.result`, given === right ? 'correct' : two ? 'incorrect' : 'wrong')
    set(`${name}.latency`, time(seconds))
  },
  finish({ scaled, passed }) {
    const score = two ? 'cmi.score' : 'cmi.core.score'
    if (scaled !== null) {
      set(`${score}.min`, 0)
      set(`${score}.max`, 100)
      set(`${score}.raw`, Math.round(scaled * 100))
      if (two) set(`${score}.scaled`, scaled.toFixed(4))
    }
    if (two) {
      set('cmi.completion_status', 'completed')
      if (passed !== null) set('cmi.success_status', passed ? 'passed' : 'failed')
    } else {
      set('cmi.core.lesson_status', passed === null ? 'completed' : passed ? 'passed' : 'failed')
    }
    call('Commit', '')
  },
  leave(ended) {
    set(two ? 'cmi.session_time' : 'cmi.core.session_time', time((Date.now() - begun) / 1000))
    set(two ? 'cmi.exit' : 'cmi.core.exit', ended ? (two ? 'normal' : '') : 'suspend')
    call(two ? 'Terminate' : 'Finish', '')
  },
}
