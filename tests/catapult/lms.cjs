// Leerspoor as CATAPULT's LMS test suite wants to see an LMS: its eleven functions. Environment: LEERSPOOR_ORIGIN,
// LEERSPOOR_KEY, LEERSPOOR_SECRET.
'use strict'

const { Readable } = require('stream')
const path = require('path')
const { InvalidPackageError } = require(path.join(process.env.CATAPULT_LTS, 'lib/errors'))

const origin = process.env.LEERSPOOR_ORIGIN
const authorization = 'Basic ' + Buffer.from(`${process.env.LEERSPOOR_KEY}:${process.env.LEERSPOOR_SECRET}`).toString('base64')
const courses = new Map() // registration: course

// Jest 27 knows neither fetch nor modules that are named node:….
function ask(method, target, { body, type = 'application/json' } = {}) {
  const client = require(origin.startsWith('https:') ? 'https' : 'http')
  return new Promise((resolve, reject) => {
    const request = client.request(origin + target, {
      method,
      rejectUnauthorized: false,
      headers: { Authorization: authorization, ...(body ? { 'Content-Type': type } : {}) }
    }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece) => { text += piece })
      response.on('end', () => resolve({ status: response.statusCode, value: text && JSON.parse(text) }))
    })
    request.on('error', reject)
    if (body instanceof Readable) return body.pipe(request)
    request.end(body && JSON.stringify(body))
  })
}

async function done(method, target, options) {
  const { status, value } = await ask(method, target, options)
  if (status >= 300) throw new Error(`${method} ${target}: ${status} ${JSON.stringify(value)}`)
  return value
}

const unit = async (course, index) => (await done('GET', `/api/v1/courses/${course}`)).activities[index].id

module.exports = {
  setup: async () => {},
  teardown: async () => {},
  getLrsEndpoint: () => `${origin}/xapi`,
  getLrsAuthHeader: () => authorization,

  importCourse: async (stream, type, filename) => {
    const { status, value } = await ask('POST', '/api/v1/courses', { body: stream, type })
    if (status >= 400 && status < 500) throw new InvalidPackageError(`${filename}: ${value.code} ${value.pointer}: ${value.detail}`)
    if (status !== 201) throw new Error(`${filename}: ${status} ${JSON.stringify(value)}`)
    return value.id
  },

  getLaunchUrl: async (course, index, actor, { registration, launchMode } = {}) => {
    const launch = await done('POST', '/api/v1/launches', {
      body: {
        course,
        node: await unit(course, index),
        learner: actor,
        ...(registration ? { registration } : {}),
        ...(launchMode ? { mode: launchMode } : {}),
        return_url: 'https://www.example.com/'
      }
    })
    courses.set(launch.registration, course)
    const token = launch.url.split('/').pop()
    return (await done('POST', `/api/v1/launches/${token}/start`)).url
  },

  cleanup: async () => {},
  hasWaive: () => true,
  waiveAU: async (registration, index, reason) => {
    const course = courses.get(registration)
    const node = await unit(course, index)
    await done('POST', `/api/v1/courses/${course}/registrations/${registration}/waive`, { body: { node, reason } })
  },
  hasAbandon: () => true,
  abandonSession: async (session) => done('POST', `/api/v1/sessions/${session}/abandon`)
}
