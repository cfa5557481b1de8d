// The server that run.mjs started, and what the tests of all clients say to it.
import { randomUUID } from 'node:crypto'

export const endpoint = process.env.LEERSPOOR_ENDPOINT // ends with a slash
export const key = process.env.LEERSPOOR_KEY
export const secret = process.env.LEERSPOOR_SECRET
export const authorization = 'Basic ' + Buffer.from(`${key}:${secret}`).toString('base64')

export const learner = () => ({ objectType: 'Agent', mbox: `mailto:${randomUUID()}@example.com`, name: 'Sanne' })
export const course = () => `https://example.com/courses/${randomUUID()}`
export const verb = { id: 'http://adlnet.gov/expapi/verbs/experienced', display: { en: 'experienced' } }
export const statement = (actor, activity, id = randomUUID()) => ({
  id,
  actor,
  verb,
  object: { objectType: 'Activity', id: activity, definition: { name: { en: 'A course', nl: 'Een cursus' } } }
})

// Without any client: what is really there.
export async function get(path) {
  const response = await fetch(new URL(path, endpoint), {
    headers: { Authorization: authorization, 'X-Experience-API-Version': '1.0.3' }
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
