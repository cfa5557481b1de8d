// A SCO's data model as a flat table of what is set, and what changed in it.
import type { Model } from './run'

// What the run-time says of itself and of the learner: the server knows it.
const given = new Set([
  'cmi.core.student_id', 'cmi.core.student_name', 'cmi.core.entry', 'cmi.learner_id', 'cmi.learner_name', 'cmi.entry',
  'cmi.launch_data', 'cmi.comments_from_lms', 'cmi.student_data.mastery_score', 'cmi.student_data.max_time_allowed',
  'cmi.student_data.time_limit_action', 'cmi.completion_threshold', 'cmi.scaled_passing_score', 'cmi.max_time_allowed',
  'cmi.time_limit_action',
])

export function flatten(value: unknown, name = '', into: Model = {}): Model {
  if (value !== null && typeof value === 'object') {
    for (const [key, inside] of Object.entries(value)) flatten(inside, name ? `${name}.${key}` : key, into)
  } else if (value !== '' && value !== null && value !== undefined && !given.has(name) && !name.startsWith('cmi.comments_from_lms')) {
    into[name] = String(value)
  }
  return into
}

export function difference(before: Model, after: Model): { changes: Model; removed: string[] } {
  const changes: Model = {}
  for (const [name, value] of Object.entries(after)) if (before[name] !== value) changes[name] = value
  return { changes, removed: Object.keys(before).filter((name) => !(name in after)) }
}
