// What Grafana's data source "Infinity" sends for each panel of deploy/grafana/dashboard.json, answered by the API.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const origin = new URL(process.env.LEERSPOOR_LINK).origin
const dashboard = JSON.parse(readFileSync(new URL('../../deploy/grafana/dashboard.json', import.meta.url), 'utf8'))
const macros = { '${__from:date:iso}': new Date(Date.now() - 90 * 86_400_000).toISOString(), '${__to:date:iso}': new Date().toISOString() }

test('Every panel is answered, with the columns that it selects, for a key with analytics alone', async () => {
  const { key, secret } = JSON.parse(execFileSync(process.env.LEERSPOOR_PROGRAM,
    ['key', 'create', '--name', 'Grafana', '--scope', 'analytics', '--data', process.env.LEERSPOOR_DATA_FOLDER, '--json'], { encoding: 'utf8' }))
  const authorization = 'Basic ' + Buffer.from(`${key}:${secret}`).toString('base64')
  assert.ok(dashboard.panels.length >= 8)
  for (const panel of dashboard.panels) {
    for (const { url, url_options: { method, data, body_content_type }, root_selector, columns } of panel.targets) {
      const body = Object.entries(macros).reduce((text, [name, value]) => text.replaceAll(name, value), data)
      assert.doesNotMatch(body, /\$\{/)
      const answer = await fetch(origin + url, {
        method, body, headers: { Authorization: authorization, 'Content-Type': body_content_type, Accept: 'application/json;q=0.9,text/plain' }
      })
      assert.equal(answer.status, 200, `${panel.title}: ${await answer.clone().text()}`)
      const rows = (await answer.json())[root_selector]
      assert.ok(rows.length > 0, panel.title)
      for (const { selector, type } of columns) {
        const values = rows.map((row) => row[Number(selector)])
        assert.ok(values.every((value) => value !== undefined), `${panel.title} has no ${selector}`)
        if (type === 'number') assert.ok(values.every((value) => value === null || typeof value === 'number'), panel.title)
        if (type === 'timestamp') assert.ok(values.every((value) => !Number.isNaN(Date.parse(value))), panel.title)
      }
    }
  }
})
