// Statements written to files, with what proves them; and the way to verify such a file.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { addSchedule, beginExport, getExports, getSchedules, removeExport, removeSchedule, type ExportJob } from '../api/client'
import { Bar } from '../charts/Bar'
import { Problem } from '../ui/Problem'
import list from '../features/statements/Latest.module.css'
import form from './Statements.module.css'

const fields = ['agent', 'verb', 'activity', 'registration', 'since', 'until'] as const
const ticks = ['related_activities', 'related_agents'] as const
const intervals = ['once', 'day', 'week', 'month'] as const
const formats = ['bundle', 'jsonl', 'csv', 'xlsx', 'transcript', 'package'] as const

type Draft = Partial<Record<(typeof fields)[number] | (typeof ticks)[number], string>>

// As the address has it, which is that of the statements.
const asked = (): Draft => Object.fromEntries([...fields, ...ticks].flatMap((name) => {
  const value = new URLSearchParams(location.search).get(name)
  return value ? [[name, value]] : []
}))

function filterOf(draft: Draft): object {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== '').map(([name, value]) => {
    if (ticks.some((tick) => tick === name)) return [name, value === 'true']
    return [name, name === 'agent' ? JSON.parse(value) : value]
  }))
}

function Ask() {
  const intl = useIntl()
  const queries = useQueryClient()
  const [draft, setDraft] = useState(asked)
  const [format, setFormat] = useState<ExportJob['format']>('bundle')
  const begin = useMutation({
    mutationFn: async () => {
      const wanted = { filter: filterOf(draft), format, language: intl.locale.startsWith('nl') ? 'nl' : 'en' }
      return every === 'once' ? beginExport(wanted) : addSchedule({ ...wanted, every })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['exports'] }),
  })
  const [every, setEvery] = useState<(typeof intervals)[number]>('once')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    begin.mutate()
  }
  return (
    <form onSubmit={submit} className={form.filters} aria-label={intl.formatMessage({ id: 'exports.new' })}>
      {fields.map((name) => (
        <div key={name}>
          <label htmlFor={name}>{intl.formatMessage({ id: `statements.${name}` })}</label>
          <input id={name} value={draft[name] ?? ''} onChange={(event) => setDraft({ ...draft, [name]: event.target.value.trim() })} />
        </div>
      ))}
      {ticks.map((name) => (
        <label key={name} className={form.tick}>
          <input
            type="checkbox"
            checked={draft[name] === 'true'}
            onChange={(event) => setDraft({ ...draft, [name]: event.target.checked ? 'true' : '' })}
          />{' '}
          {intl.formatMessage({ id: `statements.${name}` })}
        </label>
      ))}
      <div>
        <label htmlFor="format">
          <FormattedMessage id="exports.format" />
        </label>
        <select id="format" value={format} onChange={(event) => setFormat(event.target.value as ExportJob['format'])}>
          {formats.map((one) => (
            <option key={one} value={one}>
              {intl.formatMessage({ id: `exports.${one}` })}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label htmlFor="every">
          <FormattedMessage id="exports.every" />
        </label>
        <select id="every" value={every} onChange={(event) => setEvery(event.target.value as typeof every)}>
          {intervals.map((one) => (
            <option key={one} value={one}>
              {intl.formatMessage({ id: `exports.${one}` })}
            </option>
          ))}
        </select>
      </div>
      <button className="main" disabled={begin.isPending}>
        <FormattedMessage id="exports.begin" />
      </button>
      <Problem error={begin.error} />
    </form>
  )
}

function Job({ job }: { job: ExportJob }) {
  const intl = useIntl()
  const queries = useQueryClient()
  const remove = useMutation({ mutationFn: () => removeExport(job.id), onSuccess: () => queries.invalidateQueries({ queryKey: ['exports'] }) })
  const sizeOf = (bytes: number) => {
    const unit = bytes < 1e6 ? 'kilobyte' : bytes < 1e9 ? 'megabyte' : 'gigabyte'
    const of = { kilobyte: 1e3, megabyte: 1e6, gigabyte: 1e9 }[unit]
    return intl.formatNumber(bytes / of, { style: 'unit', unit, maximumFractionDigits: 1 })
  }
  const what = Object.entries(job.filter).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return (
    <li>
      <time dateTime={job.made}>{intl.formatDate(job.made, { dateStyle: 'medium', timeStyle: 'short' })}</time>
      <span>
        <FormattedMessage id="exports.of" values={{ format: intl.formatMessage({ id: `exports.${job.format}` }), by: job.by }} />{' '}
        <span className="quiet">{what.length > 0 ? what.join(', ') : intl.formatMessage({ id: 'exports.everything' })}</span>
      </span>
      <span role="status">
        {job.state === 'done' && (
          <a href={job.href} download>
            <FormattedMessage id="exports.save" values={{ count: job.statements, size: sizeOf(job.bytes ?? 0) }} />
          </a>
        )}
        {job.state === 'waiting' && <FormattedMessage id="exports.waiting" />}
        {job.state === 'running' && (
          <>
            <FormattedMessage id="exports.running" values={{ count: job.statements, of: job.of }} /> <Bar share={job.of > 0 ? job.statements / job.of : 0} />
          </>
        )}
        {job.state === 'failed' && <span className="problem">{job.error?.message}</span>}
      </span>
      <button type="button" onClick={() => remove.mutate()} aria-label={intl.formatMessage({ id: 'exports.remove_one' }, { made: intl.formatDate(job.made, { dateStyle: 'medium', timeStyle: 'medium' }) })}>
        <FormattedMessage id="exports.remove" />
      </button>
    </li>
  )
}

function Schedules() {
  const intl = useIntl()
  const queries = useQueryClient()
  const schedules = useQuery({ queryKey: ['exports', 'schedules'], queryFn: getSchedules })
  const remove = useMutation({ mutationFn: removeSchedule, onSuccess: () => queries.invalidateQueries({ queryKey: ['exports'] }) })
  const items = schedules.data?.items ?? []
  if (items.length === 0) return <Problem error={schedules.error} />
  return (
    <section aria-labelledby="schedules">
      <h2 id="schedules">
        <FormattedMessage id="exports.schedules" />
      </h2>
      <Problem error={remove.error} />
      <ul className={list.list}>
        {items.map((one) => (
          <li key={one.id}>
            <time dateTime={one.next}>{intl.formatDate(one.next, { dateStyle: 'medium', timeStyle: 'short' })}</time>
            <span>
              {intl.formatMessage({ id: `exports.${one.every}` })}: <FormattedMessage id="exports.of" values={{ format: intl.formatMessage({ id: `exports.${one.format}` }), by: one.by }} />
            </span>
            <button type="button" onClick={() => remove.mutate(one.id)} aria-label={intl.formatMessage({ id: 'exports.remove_one' }, { made: intl.formatDate(one.next) })}>
              <FormattedMessage id="exports.remove" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Exports() {
  const jobs = useQuery({
    queryKey: ['exports'],
    queryFn: getExports,
    refetchInterval: (query) => (query.state.data?.items.some((job) => job.state === 'waiting' || job.state === 'running') ? 500 : false),
  })
  return (
    <>
      <h1>
        <FormattedMessage id="exports.title" />
      </h1>
      <p>
        <FormattedMessage id="exports.intro" />{' '}
        <a href="/verify">
          <FormattedMessage id="verify.title" />
        </a>
      </p>
      <Ask />
      <Schedules />
      <section aria-labelledby="jobs">
        <h2 id="jobs">
          <FormattedMessage id="exports.jobs" />
        </h2>
        <Problem error={jobs.error} />
        {jobs.data && jobs.data.items.length === 0 && (
          <p className="quiet">
            <FormattedMessage id="exports.none" />
          </p>
        )}
        <ul className={list.list}>{jobs.data?.items.map((job) => <Job key={job.id} job={job} />)}</ul>
      </section>
    </>
  )
}
