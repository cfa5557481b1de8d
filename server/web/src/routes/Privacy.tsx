// The right to be forgotten: previews, erasures and pseudonyms with their certificates, legal holds, retention rules; and
// who looked at whose records.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import {
  addHold, addRule, beginErasure, confirmErasure, getAccesses, getErasures, getHolds, getRules, removeErasure, removeHold, removeRule,
  type Actor, type Erasure, type Session,
} from '../api/client'
import { Bar } from '../charts/Bar'
import { actorName } from '../features/statements/Sentence'
import { Problem } from '../ui/Problem'
import list from '../features/statements/Latest.module.css'
import form from './Statements.module.css'

const kinds = ['erase', 'pseudonymise'] as const
const working = (job: Erasure) => job.state === 'previewing' || job.state === 'running' || job.state === 'purging'

// A mailbox, or an Agent as JSON.
const agentOf = (text: string): unknown => (text.startsWith('{') ? JSON.parse(text) : { mbox: `mailto:${text.replace(/^mailto:/, '')}` })

function useChange<T>(change: (value: T) => Promise<unknown>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => queries.invalidateQueries({ queryKey: ['privacy'] }) })
}

function Ask() {
  const intl = useIntl()
  const [agent, setAgent] = useState(new URLSearchParams(location.search).get('agent') ?? '')
  const [kind, setKind] = useState<(typeof kinds)[number]>('erase')
  const [reason, setReason] = useState('')
  const [purpose, setPurpose] = useState('')
  const begin = useChange(async () => beginErasure({ agent: agentOf(agent.trim()), kind, reason, purpose }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    begin.mutate(undefined)
  }
  return (
    <form onSubmit={submit} className={form.filters} aria-label={intl.formatMessage({ id: 'privacy.new' })}>
      <div>
        <label htmlFor="agent">
          <FormattedMessage id="privacy.who" />
        </label>
        <input id="agent" required value={agent} onChange={(event) => setAgent(event.target.value)} />
      </div>
      <div>
        <label htmlFor="kind">
          <FormattedMessage id="privacy.what" />
        </label>
        <select id="kind" value={kind} onChange={(event) => setKind(event.target.value as (typeof kinds)[number])}>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {intl.formatMessage({ id: `privacy.kind.${one}` })}
            </option>
          ))}
        </select>
      </div>
      {kind === 'pseudonymise' && (
        <div>
          <label htmlFor="purpose">
            <FormattedMessage id="privacy.purpose" />
          </label>
          <input id="purpose" value={purpose} onChange={(event) => setPurpose(event.target.value)} />
        </div>
      )}
      <div>
        <label htmlFor="reason">
          <FormattedMessage id="privacy.reason" />
        </label>
        <input id="reason" value={reason} onChange={(event) => setReason(event.target.value)} />
      </div>
      <button className="main" disabled={begin.isPending}>
        <FormattedMessage id="privacy.preview" />
      </button>
      <Problem error={begin.error} />
    </form>
  )
}

const saved = (job: Erasure) =>
  `data:text/plain;charset=utf-8,${encodeURIComponent(`${job.certificate}\n\n${job.signature}`)}`

function Job({ job, mayErase }: { job: Erasure; mayErase: boolean }) {
  const intl = useIntl()
  const confirm = useChange(() => confirmErasure(job.id))
  const remove = useChange(() => removeErasure(job.id))
  const made = intl.formatDate(job.made, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <li>
      <time dateTime={job.made}>{made}</time>
      <span>
        <FormattedMessage id="privacy.of" values={{ kind: intl.formatMessage({ id: `privacy.kind.${job.kind}` }), by: job.by }} />{' '}
        <span className="quiet">{[...job.agents.map((agent) => actorName(agent)), job.reason].filter(Boolean).join(', ')}</span>
        <br />
        <FormattedMessage
          id={job.state === 'previewing' || job.state === 'previewed' ? 'privacy.would' : 'privacy.did'}
          values={{ erased: job.counts.statements_erased, altered: job.counts.statements_altered, documents: job.counts.documents }}
        />
      </span>
      <span role="status">
        {working(job) && (
          <>
            <FormattedMessage id={`privacy.state.${job.state}`} /> <Bar share={job.counts.of > 0 ? job.counts.looked_at / job.counts.of : 0} />
          </>
        )}
        {job.state === 'done' && (
          <a href={saved(job)} download={`leerspoor-erasure-${job.id.slice(0, 8)}.txt`}>
            <FormattedMessage id="privacy.certificate" />
          </a>
        )}
        {job.state === 'failed' && <span className="problem">{job.error?.message}</span>}
        <Problem error={confirm.error ?? remove.error} />
      </span>
      {mayErase && job.state === 'previewed' && (
        <button type="button" className="main" onClick={() => confirm.mutate(undefined)} aria-label={intl.formatMessage({ id: 'privacy.confirm_one' }, { what: intl.formatMessage({ id: `privacy.confirm.${job.kind}` }), made })}>
          <FormattedMessage id={`privacy.confirm.${job.kind}`} />
        </button>
      )}
      {mayErase && (job.state === 'previewed' || job.state === 'failed') && (
        <button type="button" onClick={() => remove.mutate(undefined)} aria-label={intl.formatMessage({ id: 'privacy.remove_one' }, { made })}>
          <FormattedMessage id="exports.remove" />
        </button>
      )}
    </li>
  )
}

function Holds({ mayErase }: { mayErase: boolean }) {
  const intl = useIntl()
  const holds = useQuery({ queryKey: ['privacy', 'holds'], queryFn: getHolds })
  const [agent, setAgent] = useState('')
  const [reason, setReason] = useState('')
  const add = useChange(async () => addHold({ ...(agent.trim() === '' ? {} : { agent: agentOf(agent.trim()) }), reason }))
  const release = useChange(removeHold)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(undefined)
  }
  const who = (agents: Actor[]) => (agents.length === 0 ? intl.formatMessage({ id: 'privacy.everybody' }) : agents.map((one) => actorName(one)).join(', '))
  return (
    <section aria-labelledby="holds">
      <h2 id="holds">
        <FormattedMessage id="privacy.holds" />
      </h2>
      <p className="quiet">
        <FormattedMessage id="privacy.holds_intro" />
      </p>
      <ul className={list.list}>
        {holds.data?.items.map((hold) => (
          <li key={hold.id}>
            <time dateTime={hold.since}>{intl.formatDate(hold.since, { dateStyle: 'medium' })}</time>
            <span>
              {who(hold.agents)} <span className="quiet">{hold.reason}</span>
            </span>
            {mayErase && (
              <button type="button" onClick={() => release.mutate(hold.id)} aria-label={intl.formatMessage({ id: 'privacy.release_one' }, { who: who(hold.agents) })}>
                <FormattedMessage id="privacy.release" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {mayErase && (
        <form onSubmit={submit} className={form.filters} aria-label={intl.formatMessage({ id: 'privacy.holds' })}>
          <div>
            <label htmlFor="held">
              <FormattedMessage id="privacy.held" />
            </label>
            <input id="held" value={agent} onChange={(event) => setAgent(event.target.value)} />
          </div>
          <div>
            <label htmlFor="hold_reason">
              <FormattedMessage id="privacy.reason" />
            </label>
            <input id="hold_reason" required value={reason} onChange={(event) => setReason(event.target.value)} />
          </div>
          <button disabled={add.isPending}>
            <FormattedMessage id="privacy.hold" />
          </button>
        </form>
      )}
      <Problem error={holds.error ?? add.error ?? release.error} />
    </section>
  )
}

function Rules({ mayErase }: { mayErase: boolean }) {
  const intl = useIntl()
  const rules = useQuery({ queryKey: ['privacy', 'rules'], queryFn: getRules })
  const [days, setDays] = useState('')
  const [verb, setVerb] = useState('')
  const [reason, setReason] = useState('')
  const add = useChange(() => addRule({ days: Number(days), filter: verb.trim() === '' ? {} : { verb: verb.trim() }, reason }))
  const drop = useChange(removeRule)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(undefined)
  }
  return (
    <section aria-labelledby="rules">
      <h2 id="rules">
        <FormattedMessage id="privacy.rules" />
      </h2>
      <p className="quiet">
        <FormattedMessage id="privacy.rules_intro" />
      </p>
      <ul className={list.list}>
        {rules.data?.items.map((rule) => (
          <li key={rule.id}>
            <span>
              <FormattedMessage id="privacy.rule" values={{ days: rule.days }} />{' '}
              <span className="quiet">{[...Object.entries(rule.filter).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`), rule.reason].filter(Boolean).join(', ')}</span>
            </span>
            {mayErase && (
              <button type="button" onClick={() => drop.mutate(rule.id)} aria-label={intl.formatMessage({ id: 'privacy.drop_one' }, { days: rule.days })}>
                <FormattedMessage id="exports.remove" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {mayErase && (
        <form onSubmit={submit} className={form.filters} aria-label={intl.formatMessage({ id: 'privacy.rules' })}>
          <div>
            <label htmlFor="days">
              <FormattedMessage id="privacy.days" />
            </label>
            <input id="days" type="number" min={1} max={36500} required value={days} onChange={(event) => setDays(event.target.value)} />
          </div>
          <div>
            <label htmlFor="rule_verb">
              <FormattedMessage id="privacy.rule_verb" />
            </label>
            <input id="rule_verb" value={verb} onChange={(event) => setVerb(event.target.value)} />
          </div>
          <div>
            <label htmlFor="rule_reason">
              <FormattedMessage id="privacy.reason" />
            </label>
            <input id="rule_reason" value={reason} onChange={(event) => setReason(event.target.value)} />
          </div>
          <button disabled={add.isPending}>
            <FormattedMessage id="privacy.add_rule" />
          </button>
        </form>
      )}
      <Problem error={rules.error ?? add.error ?? drop.error} />
    </section>
  )
}

function Accesses() {
  const intl = useIntl()
  const [agent, setAgent] = useState(new URLSearchParams(location.search).get('agent') ?? '')
  const [asked, setAsked] = useState(agent)
  const accesses = useInfiniteQuery({
    queryKey: ['accesses', asked],
    initialPageParam: '',
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({ limit: '20' })
      if (asked.trim() !== '') query.set('agent', JSON.stringify(agentOf(asked.trim())))
      if (pageParam !== '') query.set('after', pageParam)
      return getAccesses(query.toString())
    },
    getNextPageParam: (page) => (page.next === undefined ? undefined : String(page.next)),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(agent)
    void accesses.refetch()
  }
  const items = accesses.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-labelledby="accesses">
      <h2 id="accesses">
        <FormattedMessage id="privacy.accesses" />
      </h2>
      <form onSubmit={submit} className={form.filters} aria-label={intl.formatMessage({ id: 'privacy.accesses' })}>
        <div>
          <label htmlFor="whose">
            <FormattedMessage id="privacy.whose" />
          </label>
          <input id="whose" value={agent} onChange={(event) => setAgent(event.target.value)} />
        </div>
        <button>
          <FormattedMessage id="privacy.show" />
        </button>
      </form>
      <Problem error={accesses.error} />
      <ul className={list.list}>
        {items.map((one) => (
          <li key={one.id}>
            <time dateTime={one.time}>{intl.formatDate(one.time, { dateStyle: 'medium', timeStyle: 'short' })}</time>
            <span>
              <FormattedMessage
                id={`privacy.access.${one.what}`}
                values={{ by: one.by, whose: one.whose ? actorName(one.whose) : intl.formatMessage({ id: 'privacy.nobody' }), resource: one.resource }}
              />{' '}
              <span className="quiet">{[one.purpose, one.address, one.times > 1 ? `${intl.formatNumber(one.times)} ×` : ''].filter(Boolean).join(', ')}</span>
            </span>
          </li>
        ))}
      </ul>
      {accesses.hasNextPage && (
        <button type="button" onClick={() => void accesses.fetchNextPage()}>
          <FormattedMessage id="privacy.more" />
        </button>
      )}
    </section>
  )
}

export function Privacy({ session }: { session: Session }) {
  const mayErase = session.role === 'administrator'
  const jobs = useQuery({
    queryKey: ['privacy', 'jobs'],
    queryFn: getErasures,
    refetchInterval: (query) => (query.state.data?.items.some(working) ? 500 : false),
  })
  return (
    <>
      <h1>
        <FormattedMessage id="privacy.title" />
      </h1>
      <p>
        <FormattedMessage id="privacy.intro" />
      </p>
      {mayErase && <Ask />}
      <section aria-labelledby="jobs">
        <h2 id="jobs">
          <FormattedMessage id="privacy.jobs" />
        </h2>
        <Problem error={jobs.error} />
        {jobs.data && jobs.data.items.length === 0 && (
          <p className="quiet">
            <FormattedMessage id="privacy.none" />
          </p>
        )}
        <ul className={list.list}>{jobs.data?.items.map((job) => <Job key={job.id} job={job} mayErase={mayErase} />)}</ul>
      </section>
      <Accesses />
      <Holds mayErase={mayErase} />
      <Rules mayErase={mayErase} />
    </>
  )
}
