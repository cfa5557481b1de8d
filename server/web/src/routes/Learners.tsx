// Who learns, and one person's trail.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { ask, getPersonas, labelOf, type Actor, type Answer, type Session } from '../api/client'
import { identifier } from '../features/statements/Sentence'
import { Trail } from '../features/statements/Trail'
import { useShown, type Kind } from '../features/numbers/Figure'
import { NumberTable, type NumberColumn } from '../features/numbers/NumberTable'
import { Problem } from '../ui/Problem'
import { mayExport } from '../ui/Shell'
import styles from './Lists.module.css'

const columns: NumberColumn[] = [
  { measure: 'statements', words: 'overview.statements', kind: 'count' },
  { measure: 'completions', words: 'overview.completions', kind: 'count' },
  { measure: 'mean_score', words: 'learners.score', kind: 'rate' },
  { measure: 'total_seconds', words: 'overview.time', kind: 'seconds' },
  { measure: 'last', words: 'learners.last', kind: 'time' },
]

const identityName = (told: Actor) =>
  told.account?.name ?? told.mbox?.replace('mailto:', '') ?? told.openid ?? told.mbox_sha1sum ?? '?'

// Somebody's name, or what identifies them.
function personName(answer: Answer, key: string, language: string): string {
  const label = labelOf(answer, key, language)
  if (label) return label
  return identityName(JSON.parse(key) as Actor)
}

function All() {
  const intl = useIntl()
  const [name, setName] = useState(new URLSearchParams(location.search).get('name') ?? '')
  const found = useQuery({
    queryKey: ['learners', name],
    queryFn: () =>
      ask({
        measures: columns.map((one) => one.measure),
        dimensions: ['learner'],
        filter: name === '' ? {} : { name: { learner: name } },
        limit: 100,
      }),
    placeholderData: keepPreviousData,
  })
  const search = (value: string) => {
    setName(value)
    history.replaceState(null, '', value === '' ? '/learners' : `/learners?${new URLSearchParams({ name: value })}`)
  }
  return (
    <>
      <h1>
        <FormattedMessage id="learners.title" />
      </h1>
      <div className={styles.search}>
        <label htmlFor="name">
          <FormattedMessage id="learners.search" />
        </label>
        <input id="name" type="search" value={name} onChange={(event) => search(event.target.value)} />
      </div>
      <Problem error={found.error} />
      {found.data && (
        <>
          <p className="quiet" role="status">
            <FormattedMessage id="learners.count" values={{ count: found.data.groups, shown: found.data.rows.length }} />
          </p>
          <NumberTable
            label={intl.formatMessage({ id: 'learners.title' })}
            head={intl.formatMessage({ id: 'learners.name' })}
            answer={found.data}
            columns={columns}
            row={(key) => (
              <a href={`/learners?agent=${encodeURIComponent(key)}`} title={key}>
                {personName(found.data, key, intl.locale)}
              </a>
            )}
          />
        </>
      )}
    </>
  )
}

// Everybody who this is: one identity, or those that were joined.
function identitiesOf(agent: string, personas: Actor[][] | undefined): Actor[] | undefined {
  if (!personas) return undefined
  const asked = identifier(JSON.parse(agent) as Actor)
  return personas.find((agents) => agents.some((one) => identifier(one) === asked)) ?? [JSON.parse(agent) as Actor]
}

function One({ agent, session }: { agent: string; session: Session }) {
  const intl = useIntl()
  const personas = useQuery({
    queryKey: ['personas'],
    queryFn: async () => (await getPersonas()).items.map((one) => one.agents),
  })
  const identities = identitiesOf(agent, personas.data)
  const shown = useShown()
  const filter = { learner: agent }
  const totals = useQuery({
    queryKey: ['learner', agent],
    queryFn: () => ask({ measures: columns.map((one) => one.measure), dimensions: ['learner'], filter, limit: 1 }),
  })
  const courses = useQuery({
    queryKey: ['learner', 'courses', agent],
    queryFn: () =>
      ask({ measures: ['statements', 'completions', 'best_score', 'total_seconds', 'last'], dimensions: ['course'], filter, limit: 100 }),
  })
  const problem = totals.error ?? courses.error ?? personas.error
  const row = totals.data?.rows[0]
  const ofCourse = columns.map((one) =>
    one.measure === 'mean_score' ? { ...one, measure: 'best_score', words: 'learners.best' } : one,
  )
  return (
    <>
      <div>
        <p className={styles.back}>
          <a href="/learners">
            <FormattedMessage id="learners.title" />
          </a>
        </p>
        <h1 title={agent}>{totals.data ? personName(totals.data, typeof row?.[0] === 'string' ? row[0] : agent, intl.locale) : ''}</h1>
      </div>
      {mayExport(session.role) && (
        <p>
          <a href={`/exports?${new URLSearchParams({ agent })}`}>
            <FormattedMessage id="statements.export" />
          </a>{' '}
          <a href={`/privacy?${new URLSearchParams({ agent })}`}>
            <FormattedMessage id="privacy.title" />
          </a>
        </p>
      )}
      <Problem error={problem} />
      <dl className={styles.facts}>
        {columns.map(({ measure, words, kind }, place) => (
          <div key={measure}>
            <dt>
              <FormattedMessage id={words} />
            </dt>
            <dd>
              {kind === 'time'
                ? row && intl.formatDate(row[place + 1] as string, { dateStyle: 'medium', timeStyle: 'short' })
                : shown((row?.[place + 1] as number | undefined) ?? null, kind as Kind)}
            </dd>
          </div>
        ))}
      </dl>
      <section aria-labelledby="of-course">
        <h2 id="of-course">
          <FormattedMessage id="courses.title" />
        </h2>
        {courses.data && (
          <NumberTable
            label={intl.formatMessage({ id: 'courses.title' })}
            head={intl.formatMessage({ id: 'overview.course' })}
            answer={courses.data}
            columns={ofCourse}
            row={(key) => (
              <a href={`/courses?course=${encodeURIComponent(key)}`} title={key}>
                {labelOf(courses.data, key, intl.locale) ?? key}
              </a>
            )}
          />
        )}
      </section>
      <section aria-labelledby="trail">
        <h2 id="trail">
          <FormattedMessage id="learners.trail" />
        </h2>
        {identities && identities.length > 1 && (
          <p className="quiet">
            <FormattedMessage id="learners.identities" values={{ names: identities.map(identityName).join(', ') }} />
          </p>
        )}
        {identities && <Trail agents={identities} />}
      </section>
    </>
  )
}

export function Learners({ session }: { session: Session }) {
  const agent = new URLSearchParams(location.search).get('agent')
  return agent ? <One agent={agent} session={session} /> : <All />
}
