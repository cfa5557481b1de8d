// One page that answers most questions: how much, by whom, does it get finished, and is that more than before.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { ask, labelOf, type Answer, type Session } from '../api/client'
import { Figure, useShown, type Kind } from '../features/numbers/Figure'
import { lastDays } from '../features/numbers/period'
import { Latest } from '../features/statements/Latest'
import { WeekMap } from '../charts/WeekMap'
import { seesPersons } from '../ui/Shell'
import { Problem } from '../ui/Problem'
import styles from './Overview.module.css'

// The charts' library is the largest part of all: it comes when it is needed.
const LineChart = lazy(() => import('../charts/LineChart').then((module) => ({ default: module.LineChart })))

const figures: { measure: string; title: string; kind: Kind }[] = [
  { measure: 'learners', title: 'overview.learners', kind: 'count' },
  { measure: 'completions', title: 'overview.completions', kind: 'count' },
  { measure: 'pass_rate', title: 'overview.pass_rate', kind: 'rate' },
  { measure: 'total_seconds', title: 'overview.time', kind: 'seconds' },
  { measure: 'statements', title: 'overview.statements', kind: 'count' },
]

function number(answer: Answer | undefined, column: string): number | null {
  const place = answer?.columns.findIndex((one) => one.name === column) ?? -1
  const value = answer?.rows[0]?.[place]
  return typeof value === 'number' ? value : null
}

export function Overview({ session }: { session: Session }) {
  const intl = useIntl()
  const shown = useShown()
  const [asTable, setAsTable] = useState(false)
  const days = Math.min(366, Math.max(7, Number(new URLSearchParams(location.search).get('days')) || 28))
  const zone = intl.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const period = useMemo(() => lastDays(days, zone), [days, zone])
  const filter = { since: period.since, until: period.until }
  const may = session.role !== 'learner'
  const options = { enabled: may, refetchInterval: 15_000, placeholderData: keepPreviousData }
  const totals = useQuery({
    queryKey: ['overview', 'figures', period.since],
    queryFn: () => ask({ measures: figures.map((one) => one.measure), filter, compare: 'previous_period' }),
    ...options,
  })
  const daily = useQuery({
    queryKey: ['overview', 'days', period.since],
    queryFn: () =>
      ask({ measures: ['statements'], dimensions: [{ time: 'day', zone: period.zone }], filter, limit: 400 }),
    ...options,
  })
  const courses = useQuery({
    queryKey: ['overview', 'courses', period.since],
    queryFn: () => ask({ measures: ['statements', 'learners'], dimensions: ['course'], filter, limit: 8 }),
    ...options,
  })
  const hours = useQuery({
    queryKey: ['overview', 'hours', period.since],
    queryFn: () =>
      ask({ measures: ['statements'], dimensions: ['weekday', 'hour_of_day'], zone: period.zone, filter, limit: 168 }),
    ...options,
  })
  const points = useMemo(() => {
    const counts = new Map(daily.data?.rows.map((row) => [row[0] as string, row[1] as number]))
    return period.dates.map((at) => ({ at, value: counts.get(at) ?? 0 }))
  }, [daily.data, period])

  if (!may) return <FormattedMessage id="overview.not_for_you" tagName="p" />
  const problem = totals.error ?? daily.error ?? courses.error ?? hours.error
  const label = intl.formatMessage({ id: 'overview.activity' })
  return (
    <>
      <div>
        <h1>
          <FormattedMessage id="overview.title" />
        </h1>
        <p className="quiet">
          <FormattedMessage id="overview.period" values={{ days }} />
        </p>
      </div>
      <Problem error={problem} />
      <div className={styles.figures}>
        {figures.map((one) => (
          <Figure
            key={one.measure}
            id={one.measure}
            title={intl.formatMessage({ id: one.title })}
            definition={intl.formatMessage({ id: `definition.${one.measure}` })}
            kind={one.kind}
            value={number(totals.data, one.measure)}
            before={number(totals.data, `${one.measure}_before`)}
            days={days}
          />
        ))}
      </div>
      <section aria-label={label}>
        <div className={styles.head}>
          <h2>{label}</h2>
          <button type="button" onClick={() => setAsTable(!asTable)}>
            <FormattedMessage id={asTable ? 'overview.chart' : 'overview.table'} />
          </button>
        </div>
        {asTable ? (
          <table>
            <thead>
              <tr>
                <th scope="col">
                  <FormattedMessage id="overview.day" />
                </th>
                <th scope="col" className="number">
                  <FormattedMessage id="overview.statements" />
                </th>
              </tr>
            </thead>
            <tbody>
              {points.map((point) => (
                <tr key={point.at}>
                  <td>{intl.formatDate(`${point.at}T12:00:00Z`, { dateStyle: 'full', timeZone: 'UTC' })}</td>
                  <td className="number">{shown(point.value, 'count')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : (
          <Suspense fallback={<div className={styles.chart} />}>
            <LineChart points={points} label={label} />
          </Suspense>
        )}
        {daily.data && (
          <p className="quiet">
            <FormattedMessage
              id="overview.activity.as_of"
              values={{ time: intl.formatTime(daily.data.as_of, { timeStyle: 'medium' }) }}
            />
          </p>
        )}
      </section>
      <section aria-labelledby="courses">
        <h2 id="courses">
          <FormattedMessage id="overview.courses" />
        </h2>
        {courses.data && courses.data.rows.length === 0 && (
          <FormattedMessage id="overview.empty" values={{ days }} tagName="p" />
        )}
        {courses.data && courses.data.rows.length > 0 && (
          <table>
            <thead>
              <tr>
                <th scope="col">
                  <FormattedMessage id="overview.course" />
                </th>
                <th scope="col" className="number">
                  <FormattedMessage id="overview.learners" />
                </th>
                <th scope="col" className="number">
                  <FormattedMessage id="overview.statements" />
                </th>
              </tr>
            </thead>
            <tbody>
              {courses.data.rows.map((row) => (
                <tr key={String(row[0])}>
                  <td title={String(row[0] ?? '')}>
                    {typeof row[0] === 'string' ? (
                      <a href={`/courses?course=${encodeURIComponent(row[0])}`}>
                        {labelOf(courses.data, row[0], intl.locale) ?? row[0]}
                      </a>
                    ) : (
                      '–'
                    )}
                  </td>
                  <td className="number">{shown(row[2] as number, 'count')}</td>
                  <td className="number">{shown(row[1] as number, 'count')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <section aria-labelledby="hours">
        <h2 id="hours">
          <FormattedMessage id="overview.hours" />
        </h2>
        {hours.data && <WeekMap answer={hours.data} />}
      </section>
      {seesPersons(session.role) && (
        <section aria-labelledby="now">
          <h2 id="now">
            <FormattedMessage id="overview.now" />
          </h2>
          <Latest query="" most={8} />
        </section>
      )}
    </>
  )
}
