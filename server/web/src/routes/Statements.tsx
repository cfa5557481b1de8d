// Statements as sentences: filtered, as they arrive, and as the JSON that they are.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState, type FormEvent } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { ask, attachmentPath, getStatement, getStatements, labelOf, listen, nameOf, type Session, type Statement } from '../api/client'
import { Sentence } from '../features/statements/Sentence'
import { StatementList } from '../features/statements/Latest'
import { Problem } from '../ui/Problem'
import { mayExport } from '../ui/Shell'
import styles from './Statements.module.css'

const filters = ['agent', 'verb', 'activity', 'registration', 'since', 'until', 'related_activities', 'related_agents'] as const

// What the address says, and nothing else.
function asked(): Record<string, string> {
  const search = new URLSearchParams(location.search)
  return Object.fromEntries(filters.map((name) => [name, search.get(name) ?? '']).filter(([, value]) => value !== ''))
}

function go(values: Record<string, string>) {
  location.assign(`/statements?${new URLSearchParams(values)}`)
}

function Filters({ values }: { values: Record<string, string> }) {
  const intl = useIntl()
  const choices = useQuery({
    queryKey: ['choices'],
    queryFn: async () => ({
      verbs: await ask({ measures: ['statements'], dimensions: ['verb'], limit: 100 }),
      activities: await ask({ measures: ['statements'], dimensions: ['activity'], limit: 300 }),
    }),
  })
  const [draft, setDraft] = useState(values)
  const set = (name: string, value: string) => setDraft({ ...draft, [name]: value })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    go(Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== '')))
  }
  const field = (name: (typeof filters)[number], list?: string) => (
    <div>
      <label htmlFor={name}>{intl.formatMessage({ id: `statements.${name}` })}</label>
      <input id={name} list={list} value={draft[name] ?? ''} onChange={(event) => set(name, event.target.value.trim())} />
    </div>
  )
  const options = (of: 'verbs' | 'activities') => (
    <datalist id={of}>
      {choices.data?.[of].rows
        .filter((row) => typeof row[0] === 'string')
        .map((row) => (
          <option key={row[0] as string} value={row[0] as string}>
            {labelOf(choices.data[of], row[0] as string, intl.locale) ?? ''}
          </option>
        ))}
    </datalist>
  )
  const tick = (name: 'related_activities' | 'related_agents') => (
    <label className={styles.tick}>
      <input type="checkbox" checked={draft[name] === 'true'} onChange={(event) => set(name, event.target.checked ? 'true' : '')} />{' '}
      {intl.formatMessage({ id: `statements.${name}` })}
    </label>
  )
  return (
    <form onSubmit={submit} className={styles.filters}>
      {field('verb', 'verbs')}
      {field('activity', 'activities')}
      {field('agent')}
      {field('registration')}
      {field('since')}
      {field('until')}
      {options('verbs')}
      {options('activities')}
      {tick('related_activities')}
      {tick('related_agents')}
      <button className="main">
        <FormattedMessage id="statements.filter" />
      </button>
      {Object.keys(values).length > 0 && (
        <button type="button" onClick={() => go({})}>
          <FormattedMessage id="statements.all" />
        </button>
      )}
    </form>
  )
}

function Attachments({ statement }: { statement: Statement }) {
  const intl = useIntl()
  if (!statement.attachments) return null
  return (
    <ul aria-label={intl.formatMessage({ id: 'statements.attachments' }, { count: statement.attachments.length })}>
      {statement.attachments.map((one, at) => (
        <li key={at}>
          <a href={one.fileUrl ?? attachmentPath(statement, one)} rel="noreferrer" download={one.fileUrl ? undefined : ''}>
            {nameOf(one.display, intl.locale) ?? one.contentType}
          </a>{' '}
          <span className="quiet">
            {one.contentType}, {intl.formatNumber(one.length / 1024, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 })}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Raw({ statement }: { statement: Statement }) {
  return (
    <details className={styles.raw}>
      <summary>
        <FormattedMessage id="statements.json" />
        {statement.attachments && (
          <>
            {' · '}
            <FormattedMessage id="statements.attachments" values={{ count: statement.attachments.length }} />
          </>
        )}
      </summary>
      <Attachments statement={statement} />
      <p>
        <a href={`/statements?statementId=${statement.id}`}>
          <FormattedMessage id="statements.alone" />
        </a>
      </p>
      <pre tabIndex={0}>{JSON.stringify(statement, null, 2)}</pre>
    </details>
  )
}

function One({ id }: { id: string }) {
  const found = useQuery({ queryKey: ['statement', id], queryFn: () => getStatement(id) })
  if (found.error) {
    return (
      <p role="alert" className="problem">
        <FormattedMessage id="problem" values={{ message: found.error.message }} />
      </p>
    )
  }
  if (!found.data) return null
  const { statement, voided } = found.data
  const about = statement.context?.statement?.id
  return (
    <>
      {voided && (
        <p role="status">
          <strong>
            <FormattedMessage id="statements.voided" />
          </strong>
        </p>
      )}
      <p>
        <Sentence statement={statement} />
      </p>
      {about && (
        <p>
          <a href={`/statements?statementId=${about}`}>
            <FormattedMessage id="statements.context" />
          </a>
        </p>
      )}
      <Attachments statement={statement} />
      <pre tabIndex={0} className={styles.json}>
        {JSON.stringify(statement, null, 2)}
      </pre>
    </>
  )
}

export function Statements({ session }: { session: Session }) {
  const id = new URLSearchParams(location.search).get('statementId')
  const values = useMemo(asked, [])
  const query = new URLSearchParams(values).toString()
  const [arrived, setArrived] = useState<Statement[]>([])
  const pages = useInfiniteQuery({
    queryKey: ['statements', query],
    queryFn: ({ pageParam }) => getStatements(pageParam),
    initialPageParam: `${query}&limit=50`,
    getNextPageParam: (page) => page.more || undefined,
    enabled: !id,
  })
  useEffect(() => {
    if (id) return undefined
    return listen(query, (statement) => setArrived((before) => [statement, ...before].slice(0, 500)))
  }, [id, query])
  const older = pages.data?.pages.flatMap((page) => page.statements) ?? []
  const there = new Set(arrived.map((one) => one.id))
  const all = [...arrived, ...older.filter((one) => !there.has(one.id))]
  const address = `${location.origin}/xapi/statements?${query}`
  return (
    <>
      <h1>
        <FormattedMessage id="statements.title" />
      </h1>
      {id ? (
        <One id={id} />
      ) : (
        <>
          <Filters values={values} />
          <Problem error={pages.error} />
          <section aria-labelledby="found" aria-live="polite" aria-relevant="additions">
            <h2 id="found">
              <FormattedMessage id="statements.newest" />
            </h2>
            <StatementList statements={all} more={(one) => <Raw statement={one} />} />
            {pages.data && all.length === 0 && (
              <p className="quiet">
                <FormattedMessage id="statements.none" />
              </p>
            )}
            {pages.hasNextPage && (
              <button type="button" onClick={() => pages.fetchNextPage()} disabled={pages.isFetchingNextPage}>
                <FormattedMessage id="statements.more" />
              </button>
            )}
          </section>
          {mayExport(session.role) && (
            <p>
              <a href={`/exports?${query}`}>
                <FormattedMessage id="statements.export" />
              </a>
            </p>
          )}
          <details>
            <summary>
              <FormattedMessage id="statements.curl" />
            </summary>
            <pre tabIndex={0} className={styles.json}>
              {`curl -u "$KEY:$SECRET" -H 'X-Experience-API-Version: 2.0.0' '${address}'`}
            </pre>
          </details>
        </>
      )}
    </>
  )
}
