// What one person did, newest first: by day, and within it by course.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { getStatements, listen, nameOf, type Actor, type Statement } from '../../api/client'
import { StatementList } from './Latest'
import styles from './Latest.module.css'

// The newest first; of all identities, each with pages of its own.
async function pageOf(queries: string[], places: (string | null)[]) {
  const pages = await Promise.all(places.map((place) => (place === null ? { statements: [], more: '' } : getStatements(place))))
  return {
    statements: pages.flatMap((page) => page.statements),
    next: queries.map((_, at) => pages[at]?.more || null),
  }
}

interface Course {
  id: string
  name?: string
  statements: Statement[]
}

// As the numbers have it: the grouping, else the parent, else the Activity itself.
function courseOf(statement: Statement, language: string): { id: string; name?: string } {
  const { grouping = [], parent = [] } = statement.context?.contextActivities ?? {}
  const found = grouping[0] ?? parent[0] ?? statement.object
  return { id: found.id ?? '', name: nameOf(found.definition?.name, language) }
}

function byDay(statements: Statement[], zone: string, language: string): [string, Course[]][] {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const days = new Map<string, Course[]>()
  for (const statement of [...statements].sort((a, b) => b.timestamp.localeCompare(a.timestamp))) {
    const courses = days.get(day.format(new Date(statement.timestamp))) ?? []
    days.set(day.format(new Date(statement.timestamp)), courses)
    const { id, name } = courseOf(statement, language)
    let course = courses.find((one) => one.id === id)
    if (!course) courses.push((course = { id, statements: [] }))
    course.name ??= name
    course.statements.push(statement)
  }
  return [...days]
}

export function Trail({ agents }: { agents: Actor[] }) {
  const intl = useIntl()
  const zone = intl.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const queries = agents.map((agent) => new URLSearchParams({ agent: JSON.stringify(agent) }).toString())
  const whose = queries.join(' ')
  const [arrived, setArrived] = useState<Statement[]>([])
  const pages = useInfiniteQuery({
    queryKey: ['trail', whose],
    queryFn: ({ pageParam }) => pageOf(queries, pageParam),
    initialPageParam: queries.map((query): string | null => `${query}&limit=100`),
    getNextPageParam: (page) => (page.next.some(Boolean) ? page.next : undefined),
  })
  useEffect(() => {
    setArrived([])
    // A browser keeps six connections to a server, of which others need some too.
    const ends = whose.split(' ').slice(0, 2).map((query) => listen(query, (one) => setArrived((before) => [one, ...before])))
    return () => ends.forEach((end) => end())
  }, [whose])
  const seen = new Set(arrived.map((one) => one.id))
  const all = [...arrived, ...(pages.data?.pages.flatMap((page) => page.statements) ?? []).filter((one) => !seen.has(one.id))]
  return (
    <>
      {byDay(all, zone, intl.locale).map(([date, courses]) => (
        <section key={date} aria-label={date}>
          <h3 className={styles.day}>
            <time dateTime={date}>{intl.formatDate(`${date}T12:00:00Z`, { dateStyle: 'full', timeZone: 'UTC' })}</time>
          </h3>
          {courses.map((course) => (
            <div key={course.id} className={styles.course}>
              <h4>
                <a href={`/courses?course=${encodeURIComponent(course.id)}`} title={course.id}>
                  {course.name ?? course.id}
                </a>
              </h4>
              <StatementList statements={course.statements} timeOnly />
            </div>
          ))}
        </section>
      ))}
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
    </>
  )
}
