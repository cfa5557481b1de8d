// The newest statements, and those that arrive while somebody watches.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { getStatements, listen, type Statement } from '../../api/client'
import { Sentence } from './Sentence'
import styles from './Latest.module.css'

export function StatementList(props: { statements: Statement[]; timeOnly?: boolean; more?: (one: Statement) => ReactNode }) {
  const { statements, timeOnly, more } = props
  const intl = useIntl()
  return (
    <ol className={styles.list}>
      {statements.map((one) => (
        <li key={one.id}>
          <time dateTime={one.timestamp} title={intl.formatDate(one.timestamp, { dateStyle: 'full', timeStyle: 'long' })}>
            {intl.formatDate(one.timestamp, { dateStyle: timeOnly ? undefined : 'medium', timeStyle: 'short' })}
          </time>
          <Sentence statement={one} />
          {more?.(one)}
        </li>
      ))}
    </ol>
  )
}

// `query` is that of GET statements, without limit.
export function Latest({ query, most }: { query: string; most: number }) {
  const [arrived, setArrived] = useState<Statement[]>([])
  const newest = useQuery({ queryKey: ['latest', query], queryFn: () => getStatements(`${query}&limit=${most}`) })
  useEffect(() => {
    setArrived([])
    return listen(query, (statement) => setArrived((before) => [statement, ...before].slice(0, most)))
  }, [query, most])
  const seen = new Set(arrived.map((one) => one.id))
  const all = [...arrived, ...(newest.data?.statements ?? []).filter((one) => !seen.has(one.id))].slice(0, most)
  return (
    <div aria-live="polite" aria-relevant="additions">
      <StatementList statements={all} />
      {newest.data && all.length === 0 && (
        <p className="quiet">
          <FormattedMessage id="statements.none" />
        </p>
      )}
    </div>
  )
}
