// What is learnt: all courses, and one of them: its parts, who drops out, scores, and its questions.
import { useQuery } from '@tanstack/react-query'
import { FormattedMessage, useIntl } from 'react-intl'
import { ask, askFunnel, askQuestions, labelOf, nameOf, type Answer, type Response } from '../api/client'
import { Bar } from '../charts/Bar'
import { Compare } from '../features/compare/Compare'
import { useShown } from '../features/numbers/Figure'
import { NumberTable, type NumberColumn } from '../features/numbers/NumberTable'
import { Problem } from '../ui/Problem'
import styles from './Lists.module.css'

const verbs = 'http://adlnet.gov/expapi/verbs/'

const columns: NumberColumn[] = [
  { measure: 'learners', words: 'overview.learners', kind: 'count' },
  { measure: 'completions', words: 'overview.completions', kind: 'count' },
  { measure: 'pass_rate', words: 'overview.pass_rate', kind: 'rate' },
  { measure: 'mean_score', words: 'learners.score', kind: 'rate' },
  { measure: 'median_seconds', words: 'courses.median_time', kind: 'seconds' },
]

function All() {
  const intl = useIntl()
  const found = useQuery({
    queryKey: ['courses'],
    queryFn: () => ask({ measures: columns.map((one) => one.measure), dimensions: ['course'], limit: 200 }),
  })
  return (
    <>
      <h1>
        <FormattedMessage id="courses.title" />
      </h1>
      <p>
        <a href="/courses?compare=course">
          <FormattedMessage id="compare.title" />
        </a>
      </p>
      <Problem error={found.error} />
      {found.data && (
        <NumberTable
          label={intl.formatMessage({ id: 'courses.title' })}
          head={intl.formatMessage({ id: 'overview.course' })}
          answer={found.data}
          columns={columns}
          row={(key) => (
            <a href={`/courses?course=${encodeURIComponent(key)}`} title={key}>
              {labelOf(found.data, key, intl.locale) ?? key}
            </a>
          )}
        />
      )}
    </>
  )
}

// Rows of a name, a number of learners and a share, the longest bar being the most.
function Shares({ answer, name }: { answer: Answer; name: (key: string) => string }) {
  const intl = useIntl()
  return (
    <table className={styles.answers}>
      <thead>
        <tr>
          <th scope="col">
            <FormattedMessage id="courses.step" />
          </th>
          <th scope="col" className="number">
            <FormattedMessage id="overview.learners" />
          </th>
          <th scope="col" className="number">
            <FormattedMessage id="courses.of_first" />
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {answer.rows.map((row) => (
          <tr key={String(row[0])}>
            <td>{name(String(row[0]))}</td>
            <td className="number">{intl.formatNumber(row[1] as number)}</td>
            <td className="number">
              {typeof row[2] === 'number' ? intl.formatNumber(row[2], { style: 'percent' }) : '–'}
            </td>
            <td>
              <Bar share={typeof row[2] === 'number' ? row[2] : 0} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Question({ answer, row }: { answer: Answer; row: Answer['rows'][number] }) {
  const intl = useIntl()
  const shown = useShown()
  const id = String(row[0])
  const responses = row[6] as Response[]
  const discrimination = row[4] as number | null
  return (
    <li>
      <h3 title={id}>{labelOf(answer, id, intl.locale) ?? id}</h3>
      <p className="quiet">
        <FormattedMessage
          id="courses.question"
          values={{
            learners: row[1] as number,
            right: shown(row[3] as number | null, 'rate'),
            seconds: row[5] === null ? '–' : intl.formatNumber(row[5] as number, { maximumFractionDigits: 0 }),
          }}
        />{' '}
        {discrimination !== null && (
          <span title={intl.formatMessage({ id: 'definition.discrimination' })}>
            <FormattedMessage
              id="courses.discrimination"
              values={{ value: intl.formatNumber(discrimination, { maximumFractionDigits: 2 }) }}
            />
          </span>
        )}
      </p>
      <table className={styles.answers}>
        <thead>
          <tr>
            <th scope="col">
              <FormattedMessage id="courses.answer" />
            </th>
            <th scope="col" className="number">
              <FormattedMessage id="overview.learners" />
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {responses.map((one) => (
            <tr key={one.response}>
              <td>
                {nameOf(one.text ?? undefined, intl.locale) ?? one.response}
                {one.correct && (
                  <strong>
                    {' '}
                    <FormattedMessage id="courses.correct" />
                  </strong>
                )}
              </td>
              <td className="number">{intl.formatNumber(one.learners)}</td>
              <td>
                <Bar share={one.share} strong={one.correct !== false} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </li>
  )
}

function One({ course }: { course: string }) {
  const intl = useIntl()
  const shown = useShown()
  const filter = { course }
  const totals = useQuery({
    queryKey: ['course', course],
    queryFn: () => ask({ measures: columns.map((one) => one.measure), dimensions: ['course'], filter, limit: 1 }),
  })
  const parts = useQuery({
    queryKey: ['course', 'parts', course],
    queryFn: () =>
      ask({
        measures: [...columns.map((one) => one.measure), 'first'],
        dimensions: ['activity'],
        filter,
        order: [{ by: 'learners', descending: true }],
        limit: 100,
      }),
  })
  const funnel = useQuery({
    queryKey: ['course', 'funnel', course],
    queryFn: () =>
      askFunnel({
        filter,
        steps: [
          { name: 'courses.began', filter: {} },
          ...['answered', 'passed', 'completed'].map((verb) => ({
            name: `courses.${verb}`,
            filter: verb === 'completed' ? { verb: verbs + verb, activity: course } : { verb: verbs + verb },
          })),
        ],
      }),
  })
  const scores = useQuery({
    queryKey: ['course', 'scores', course],
    queryFn: () =>
      ask({ measures: ['statements'], dimensions: ['score_band'], filter, order: [{ by: 'score_band' }], limit: 50 }),
  })
  const questions = useQuery({
    queryKey: ['course', 'questions', course],
    queryFn: () => askQuestions({ filter, limit: 50 }),
  })
  const problem = totals.error ?? parts.error ?? funnel.error ?? scores.error ?? questions.error
  const row = totals.data?.rows[0]
  const bands = scores.data?.rows.filter((one) => typeof one[0] === 'number') ?? []
  const most = Math.max(1, ...bands.map((one) => one[1] as number))
  return (
    <>
      <div>
        <p className={styles.back}>
          <a href="/courses">
            <FormattedMessage id="courses.title" />
          </a>
        </p>
        <h1 title={course}>{totals.data ? (labelOf(totals.data, course, intl.locale) ?? course) : ''}</h1>
      </div>
      <Problem error={problem} />
      <dl className={styles.facts}>
        {columns.map(({ measure, words, kind }, place) => (
          <div key={measure}>
            <dt>
              <FormattedMessage id={words} />
            </dt>
            <dd>{kind !== 'time' && shown((row?.[place + 1] as number | undefined) ?? null, kind)}</dd>
          </div>
        ))}
      </dl>
      <section aria-labelledby="funnel">
        <h2 id="funnel">
          <FormattedMessage id="courses.funnel" />
        </h2>
        {funnel.data && <Shares answer={funnel.data} name={(key) => intl.formatMessage({ id: key })} />}
      </section>
      <section aria-labelledby="parts">
        <h2 id="parts">
          <FormattedMessage id="courses.parts" />
        </h2>
        {parts.data && (
          <NumberTable
            label={intl.formatMessage({ id: 'courses.parts' })}
            head={intl.formatMessage({ id: 'courses.part' })}
            answer={parts.data}
            columns={columns}
            row={(key) => (
              <a href={`/statements?activity=${encodeURIComponent(key)}`} title={key}>
                {labelOf(parts.data, key, intl.locale) ?? key}
              </a>
            )}
          />
        )}
      </section>
      {bands.length > 0 && (
        <section aria-labelledby="scores">
          <h2 id="scores">
            <FormattedMessage id="courses.scores" />
          </h2>
          <table className={styles.answers}>
            <thead>
              <tr>
                <th scope="col">
                  <FormattedMessage id="learners.score" />
                </th>
                <th scope="col" className="number">
                  <FormattedMessage id="overview.statements" />
                </th>
                <td />
              </tr>
            </thead>
            <tbody>
              {bands.map((one) => (
                <tr key={one[0] as number}>
                  <td>{intl.formatNumber(one[0] as number, { style: 'percent' })}</td>
                  <td className="number">{intl.formatNumber(one[1] as number)}</td>
                  <td>
                    <Bar share={(one[1] as number) / most} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {questions.data && questions.data.rows.length > 0 && (
        <section aria-labelledby="questions">
          <h2 id="questions">
            <FormattedMessage id="courses.questions" />
          </h2>
          <ol className={styles.questions}>
            {questions.data.rows.map((one) => (
              <Question key={String(one[0])} answer={questions.data} row={one} />
            ))}
          </ol>
        </section>
      )}
    </>
  )
}

export function Courses() {
  const search = new URLSearchParams(location.search)
  const course = search.get('course')
  if (search.has('compare')) return <Compare />
  return course ? <One course={course} /> : <All />
}
