// Statements from and to other servers.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { addRelay, getRelays, removeRelay, retryRelay, type Relay } from '../api/client'
import { Problem } from '../ui/Problem'
import list from '../features/statements/Latest.module.css'
import styles from './Settings.module.css'

const kinds = ['pull', 'forward', 'webhook'] as const

export function Relays() {
  const intl = useIntl()
  const queries = useQueryClient()
  const [kind, setKind] = useState<Relay['kind']>('forward')
  const [url, setUrl] = useState('')
  const [key, setKey] = useState('')
  const [secret, setSecret] = useState('')
  const relays = useQuery({ queryKey: ['relays'], queryFn: getRelays, refetchInterval: 3000 })
  const reload = () => queries.invalidateQueries({ queryKey: ['relays'] })
  const adding = useMutation({
    mutationFn: () => addRelay({ kind, url, ...(kind === 'webhook' ? {} : { key }), secret }),
    onSuccess: () => {
      setUrl('')
      setSecret('')
      return reload()
    },
  })
  const removing = useMutation({ mutationFn: removeRelay, onSuccess: reload })
  const retrying = useMutation({ mutationFn: retryRelay, onSuccess: reload })
  const add = (event: FormEvent) => {
    event.preventDefault()
    adding.mutate()
  }
  return (
    <section className={styles.part}>
      <h2 id="relays">
        <FormattedMessage id="relays.title" />
      </h2>
      <form onSubmit={add} className={styles.form} aria-label={intl.formatMessage({ id: 'relays.title' })}>
        <div>
          <label htmlFor="relay-kind">
            <FormattedMessage id="relays.kind" />
          </label>
          <select id="relay-kind" value={kind} onChange={(event) => setKind(event.target.value as Relay['kind'])}>
            {kinds.map((one) => (
              <option key={one} value={one}>
                {intl.formatMessage({ id: `relays.${one}` })}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label htmlFor="relay-url">
            <FormattedMessage id="relays.url" />
          </label>
          <input id="relay-url" type="url" required value={url} onChange={(event) => setUrl(event.target.value)} />
        </div>
        {kind !== 'webhook' && (
          <div>
            <label htmlFor="relay-key">
              <FormattedMessage id="relays.key" />
            </label>
            <input id="relay-key" autoComplete="off" value={key} onChange={(event) => setKey(event.target.value)} />
          </div>
        )}
        <div>
          <label htmlFor="relay-secret">
            <FormattedMessage id="relays.secret" />
          </label>
          <input id="relay-secret" type="password" autoComplete="off" required={kind === 'webhook'} value={secret} onChange={(event) => setSecret(event.target.value)} />
        </div>
        <button className="main" disabled={adding.isPending}>
          <FormattedMessage id="relays.add" />
        </button>
      </form>
      <Problem error={relays.error ?? adding.error ?? removing.error ?? retrying.error} />
      <ul className={list.list}>
        {relays.data?.items.map((relay) => (
          <li key={relay.id}>
            <span>
              {intl.formatMessage({ id: `relays.${relay.kind}` })} {relay.url}
              <br />
              <span className={relay.problem ? 'problem' : 'quiet'}>
                {relay.problem || <FormattedMessage id="relays.done" values={{ done: relay.done, refused: relay.refused }} />}
              </span>
            </span>
            {relay.refused > 0 && relay.kind !== 'pull' && (
              <button type="button" onClick={() => retrying.mutate(relay.id)} aria-label={intl.formatMessage({ id: 'relays.retry_one' }, { url: relay.url })}>
                <FormattedMessage id="relays.retry" />
              </button>
            )}
            <button type="button" onClick={() => removing.mutate(relay.id)} aria-label={intl.formatMessage({ id: 'relays.remove_one' }, { url: relay.url })}>
              <FormattedMessage id="exports.remove" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
