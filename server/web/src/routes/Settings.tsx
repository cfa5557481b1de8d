// Keys of machines, accounts of people, the organisation and personas, for administrators.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { getKeys, getPeople, invite, makeKey, removePerson, revokeKey, roles, type Session } from '../api/client'
import { OrganizationSettings, Personas } from './Organization'
import { Relays } from './Relays'
import { Problem } from '../ui/Problem'
import styles from './Settings.module.css'

const scopes = ['all', 'all/read', 'statements/write', 'statements/read', 'statements/read/mine', 'state', 'profile', 'define', 'analytics']

function Keys() {
  const intl = useIntl()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [scope, setScope] = useState('statements/write')
  const keys = useQuery({ queryKey: ['keys'], queryFn: getKeys })
  const reload = () => queries.invalidateQueries({ queryKey: ['keys'] })
  const making = useMutation({ mutationFn: () => makeKey(name, [scope]), onSuccess: reload })
  const revoking = useMutation({ mutationFn: revokeKey, onSuccess: reload })
  const make = (event: FormEvent) => {
    event.preventDefault()
    making.mutate()
  }
  const problem = keys.error ?? making.error ?? revoking.error
  return (
    <section className={styles.part}>
      <h2 id="keys">
        <FormattedMessage id="settings.keys" />
      </h2>
      <form onSubmit={make} className={styles.form}>
        <div>
          <label htmlFor="key-name">
            <FormattedMessage id="settings.key_name" />
          </label>
          <input id="key-name" value={name} onChange={(e) => setName(e.target.value)} />
        </div>
        <div>
          <label htmlFor="key-scope">
            <FormattedMessage id="settings.scope" />
          </label>
          <select id="key-scope" value={scope} onChange={(e) => setScope(e.target.value)}>
            {scopes.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
        <button className="main" disabled={making.isPending}>
          <FormattedMessage id="settings.make_key" />
        </button>
      </form>
      <div role="status">
        {making.data && (
          <p className={styles.secret}>
            <FormattedMessage
              id="settings.secret"
              values={{ key: <code>{making.data.key}</code>, secret: <code>{making.data.secret}</code> }}
            />
          </p>
        )}
      </div>
      <Problem error={problem} />
      <div className={styles.wide} tabIndex={0} role="region" aria-labelledby="keys">
      <table>
        <thead>
          <tr>
            <th scope="col">
              <FormattedMessage id="settings.key" />
            </th>
            <th scope="col">
              <FormattedMessage id="settings.scope" />
            </th>
            <th scope="col" className="number">
              <FormattedMessage id="settings.action" />
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.data?.items.map((one) => (
            <tr key={one.key}>
              <td>
                {one.name || one.key}
                {one.name && <div className="quiet">{one.key}</div>}
              </td>
              <td>{one.scopes.join(', ')}</td>
              <td className="number">
                {one.revoked ? (
                  <FormattedMessage
                    id="settings.revoked"
                    values={{ when: intl.formatDate(one.revoked, { dateStyle: 'medium' }) }}
                  />
                ) : (
                  <button
                    type="button"
                    aria-label={intl.formatMessage({ id: 'settings.revoke_key' }, { name: one.name || one.key })}
                    onClick={() => revoking.mutate(one.key)}
                  >
                    <FormattedMessage id="settings.revoke" />
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      </div>
    </section>
  )
}

function People({ session }: { session: Session }) {
  const intl = useIntl()
  const queries = useQueryClient()
  const [role, setRole] = useState<Session['role']>('analyst')
  const people = useQuery({ queryKey: ['people'], queryFn: getPeople })
  const inviting = useMutation({ mutationFn: (body: { role?: string; reset_of?: string }) => invite(body) })
  const removing = useMutation({
    mutationFn: removePerson,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['people'] }),
  })
  const problem = people.error ?? inviting.error ?? removing.error
  return (
    <section className={styles.part}>
      <h2 id="people">
        <FormattedMessage id="settings.people" />
      </h2>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          inviting.mutate({ role })
        }}
      >
        <div>
          <label htmlFor="role">
            <FormattedMessage id="settings.role" />
          </label>
          <select id="role" value={role} onChange={(e) => setRole(e.target.value as Session['role'])}>
            {roles.map((one) => (
              <option key={one} value={one}>
                {intl.formatMessage({ id: `role.${one}` })}
              </option>
            ))}
          </select>
        </div>
        <button className="main" disabled={inviting.isPending}>
          <FormattedMessage id="settings.invite" />
        </button>
      </form>
      <div role="status">
        {inviting.data && (
          <p className={styles.secret}>
            <FormattedMessage
              id="settings.link"
              values={{
                link: <code>{location.origin + inviting.data.path}</code>,
                when: intl.formatDate(inviting.data.expires, { dateStyle: 'medium' }),
              }}
            />
          </p>
        )}
      </div>
      <Problem error={problem} />
      <div className={styles.wide} tabIndex={0} role="region" aria-labelledby="people">
      <table>
        <thead>
          <tr>
            <th scope="col">
              <FormattedMessage id="sign_in.name" />
            </th>
            <th scope="col">
              <FormattedMessage id="settings.role" />
            </th>
            <th scope="col" className="number">
              <FormattedMessage id="settings.action" />
            </th>
          </tr>
        </thead>
        <tbody>
          {people.data?.items.map((one) => (
            <tr key={one.name}>
              <td>{one.name}</td>
              <td>{intl.formatMessage({ id: `role.${one.role}` })}</td>
              <td>
                <div className={styles.actions}>
                <button
                  type="button"
                  aria-label={intl.formatMessage({ id: 'settings.reset_of' }, { name: one.name })}
                  onClick={() => inviting.mutate({ reset_of: one.name })}
                >
                  <FormattedMessage id="settings.reset" />
                </button>
                {one.name !== session.person && (
                  <button
                    type="button"
                    aria-label={intl.formatMessage({ id: 'settings.remove_person' }, { name: one.name })}
                    onClick={() => removing.mutate(one.name)}
                  >
                    <FormattedMessage id="settings.remove" />
                  </button>
                )}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      </div>
    </section>
  )
}

export function Settings({ session }: { session: Session }) {
  return (
    <>
      <h1>
        <FormattedMessage id="settings.title" />
      </h1>
      <Keys />
      <Relays />
      <People session={session} />
      <OrganizationSettings />
      <Personas />
    </>
  )
}
