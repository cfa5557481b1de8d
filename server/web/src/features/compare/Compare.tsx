// Two courses, teams or periods side by side. The address says which.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { ask, labelOf, type Answer } from '../../api/client'
import { Bar } from '../../charts/Bar'
import { Problem } from '../../ui/Problem'
import { useShown, type Kind } from '../numbers/Figure'
import { daysBetween } from '../numbers/period'
import styles from './Compare.module.css'

const kinds = ['course', 'team', 'period'] as const
type What = (typeof kinds)[number]

const measures: { measure: string; words: string; kind: Kind }[] = [
  { measure: 'learners', words: 'overview.learners', kind: 'count' },
  { measure: 'statements', words: 'overview.statements', kind: 'count' },
  { measure: 'completions', words: 'overview.completions', kind: 'count' },
  { measure: 'completion_rate', words: 'compare.completion_rate', kind: 'rate' },
  { measure: 'pass_rate', words: 'overview.pass_rate', kind: 'rate' },
  { measure: 'mean_score', words: 'learners.score', kind: 'rate' },
  { measure: 'median_seconds', words: 'courses.median_time', kind: 'seconds' },
  { measure: 'total_seconds', words: 'overview.time', kind: 'seconds' },
]

// A period is written 2026-01-01..2026-03-31, both days included.
const periodOf = (value: string) => /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(value)

function filterOf(what: What, value: string, zone: string): object | undefined {
  if (value === '') return undefined
  if (what !== 'period') return { [what]: value }
  const [, first, last] = periodOf(value) ?? []
  return first && last && first <= last ? daysBetween(first, last, zone) : undefined
}

function Choice(props: { side: string; label: string; value: string; choices: Answer; set: (value: string) => void }) {
  const intl = useIntl()
  const keys = props.choices.rows.map((row) => row[0]).filter((key) => typeof key === 'string')
  return (
    <div>
      <label htmlFor={props.side}>{props.label}</label>
      <select id={props.side} value={props.value} onChange={(event) => props.set(event.target.value)}>
        <option value="" />
        {keys.map((key) => (
          <option key={key} value={key}>
            {labelOf(props.choices, key, intl.locale) ?? key}
          </option>
        ))}
      </select>
    </div>
  )
}

function Days(props: { side: string; label: string; value: string; set: (value: string) => void }) {
  const [first = '', last = ''] = props.value.split('..')
  return (
    <fieldset className={styles.days}>
      <legend>{props.label}</legend>
      <div>
        <label htmlFor={`${props.side}-first`}>
          <FormattedMessage id="compare.first" />
        </label>
        <input id={`${props.side}-first`} type="date" value={first} onChange={(event) => props.set(`${event.target.value}..${last}`)} />
      </div>
      <div>
        <label htmlFor={`${props.side}-last`}>
          <FormattedMessage id="compare.last" />
        </label>
        <input id={`${props.side}-last`} type="date" value={last} onChange={(event) => props.set(`${first}..${event.target.value}`)} />
      </div>
    </fieldset>
  )
}

function Sides({ names, a, b }: { names: [string, string]; a: Answer; b: Answer }) {
  const intl = useIntl()
  const shown = useShown()
  const valueOf = (answer: Answer, measure: string) => {
    const value = answer.rows[0]?.[answer.columns.findIndex((one) => one.name === measure)]
    return typeof value === 'number' ? value : null
  }
  // Points for a rate, since a share of a share says little.
  const difference = (from: number | null, to: number | null, kind: Kind) => {
    if (from === null || to === null) return '–'
    if (kind === 'rate')
      return intl.formatMessage({ id: 'compare.points' }, { points: intl.formatNumber(Math.round(100 * (to - from)), { signDisplay: 'exceptZero' }) })
    if (from === 0) return '–'
    return intl.formatNumber(to / from - 1, { style: 'percent', signDisplay: 'exceptZero' })
  }
  return (
    <div className={styles.wide} tabIndex={0} role="region" aria-label={intl.formatMessage({ id: 'compare.title' })}>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col" className="number">
              {names[0]}
            </th>
            <th scope="col" className="number">
              {names[1]}
            </th>
            <th scope="col" className="number">
              <FormattedMessage id="compare.difference" />
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {measures.map(({ measure, words, kind }) => {
            const values = [valueOf(a, measure), valueOf(b, measure)] as const
            const most = Math.max(values[0] ?? 0, values[1] ?? 0) || 1
            return (
              <tr key={measure}>
                <th scope="row" title={intl.messages[`definition.${measure}`] as string | undefined}>
                  <FormattedMessage id={words} />
                </th>
                <td className="number">{shown(values[0], kind)}</td>
                <td className="number">{shown(values[1], kind)}</td>
                <td className="number">{difference(values[0], values[1], kind)}</td>
                <td className={styles.bars}>
                  <Bar share={(values[0] ?? 0) / most} strong={false} />
                  <Bar share={(values[1] ?? 0) / most} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

export function Compare() {
  const intl = useIntl()
  const search = new URLSearchParams(location.search)
  const [asked, setAsked] = useState({
    what: kinds.find((one) => one === search.get('compare')) ?? ('course' as What),
    a: search.get('a') ?? '',
    b: search.get('b') ?? '',
  })
  const { what } = asked
  const zone = intl.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const set = (next: typeof asked) => {
    setAsked(next)
    history.replaceState(null, '', `/courses?${new URLSearchParams({ compare: next.what, a: next.a, b: next.b })}`)
  }
  const choices = useQuery({
    queryKey: ['compare', 'choices', what],
    queryFn: () => ask({ measures: ['learners'], dimensions: [what], limit: 1000 }),
    enabled: what !== 'period',
  })
  const filters = [filterOf(what, asked.a, zone), filterOf(what, asked.b, zone)] as const
  const sides = useQuery({
    queryKey: ['compare', what, asked.a, asked.b],
    queryFn: () => Promise.all(filters.map((filter) => ask({ measures: measures.map((one) => one.measure), filter }))),
    enabled: filters.every(Boolean),
  })
  const label = (side: 'a' | 'b') => intl.formatMessage({ id: `compare.${side}` })
  const day = (date: string) => intl.formatDate(`${date}T12:00:00Z`, { dateStyle: 'medium', timeZone: 'UTC' })
  const nameOf = (value: string) => {
    const days = periodOf(value)
    if (days) return `${day(days[1]!)} – ${day(days[2]!)}`
    return (choices.data && labelOf(choices.data, value, intl.locale)) ?? value
  }
  return (
    <>
      <div>
        <p>
          <a href="/courses">
            <FormattedMessage id="courses.title" />
          </a>
        </p>
        <h1>
          <FormattedMessage id="compare.title" />
        </h1>
      </div>
      <div className={styles.choices}>
        <div>
          <label htmlFor="what">
            <FormattedMessage id="compare.what" />
          </label>
          <select id="what" value={what} onChange={(event) => set({ what: event.target.value as What, a: '', b: '' })}>
            {kinds.map((one) => (
              <option key={one} value={one}>
                {intl.formatMessage({ id: `compare.${one}` })}
              </option>
            ))}
          </select>
        </div>
        {(['a', 'b'] as const).map((side) =>
          what === 'period' ? (
            <Days key={side} side={side} label={label(side)} value={asked[side]} set={(value) => set({ ...asked, [side]: value })} />
          ) : (
            choices.data && (
              <Choice
                key={side}
                side={side}
                label={label(side)}
                value={asked[side]}
                choices={choices.data}
                set={(value) => set({ ...asked, [side]: value })}
              />
            )
          ),
        )}
      </div>
      <Problem error={choices.error ?? sides.error} />
      {sides.data && <Sides names={[nameOf(asked.a), nameOf(asked.b)]} a={sides.data[0]!} b={sides.data[1]!} />}
    </>
  )
}
