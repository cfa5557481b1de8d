// Settings of the organisation, and persons with several identities.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import {
  getOrganization, getPersonas, getProposals, joinPersona, partPersona, setOrganization, type Actor, type Organization,
} from '../api/client'
import { identifier } from '../features/statements/Sentence'
import { Problem } from '../ui/Problem'
import styles from './Settings.module.css'

function OrganizationForm({ settings }: { settings: Organization }) {
  const intl = useIntl()
  const queries = useQueryClient()
  const [draft, setDraft] = useState(settings)
  const saving = useMutation({
    mutationFn: () => setOrganization(draft),
    onSuccess: (saved) => queries.setQueryData(['organization'], saved),
  })
  const save = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  const field = (name: 'name_nl' | 'name_en' | 'accent' | 'zone', hint?: string) => (
    <div>
      <label htmlFor={name}>{intl.formatMessage({ id: `organization.${name}` })}</label>
      <input id={name} value={draft[name]} placeholder={hint} onChange={(event) => setDraft({ ...draft, [name]: event.target.value.trimStart() })} />
    </div>
  )
  return (
    <form onSubmit={save} className={styles.form}>
      {field('name_nl')}
      {field('name_en')}
      {field('accent', '#0b5cad')}
      {field('zone', 'Europe/Amsterdam')}
      <div>
        <label htmlFor="smallest_group">{intl.formatMessage({ id: 'organization.smallest_group' })}</label>
        <input
          id="smallest_group"
          type="number"
          min={1}
          max={1000}
          value={draft.smallest_group}
          onChange={(event) => setDraft({ ...draft, smallest_group: Number(event.target.value) })}
        />
      </div>
      <button className="main" disabled={saving.isPending}>
        <FormattedMessage id="organization.save" />
      </button>
      <div role="status">{saving.isSuccess && <FormattedMessage id="organization.saved" />}</div>
      <Problem error={saving.error} />
    </form>
  )
}

export function OrganizationSettings() {
  const settings = useQuery({ queryKey: ['organization'], queryFn: getOrganization })
  return (
    <section className={styles.part}>
      <h2>
        <FormattedMessage id="organization.title" />
      </h2>
      {settings.data && <OrganizationForm settings={settings.data} />}
    </section>
  )
}

const shownIdentity = (agent: Actor) => agent.mbox?.replace('mailto:', '') ?? agent.account?.name ?? identifier(agent) ?? ''

export function Personas() {
  const intl = useIntl()
  const queries = useQueryClient()
  const personas = useQuery({ queryKey: ['personas'], queryFn: getPersonas })
  const proposals = useQuery({ queryKey: ['proposals'], queryFn: getProposals })
  const reload = () => queries.invalidateQueries()
  const joining = useMutation({ mutationFn: (one: { name: string; agents: Actor[] }) => joinPersona(one.name, one.agents), onSuccess: reload })
  const parting = useMutation({ mutationFn: partPersona, onSuccess: reload })
  const problem = personas.error ?? proposals.error ?? joining.error ?? parting.error
  const joined = personas.data?.items ?? []
  const proposed = proposals.data?.items ?? []
  return (
    <section className={styles.part}>
      <h2 id="personas">
        <FormattedMessage id="personas.title" />
      </h2>
      <p className="quiet">
        <FormattedMessage id="personas.intro" />
      </p>
      <Problem error={problem} />
      {joined.length + proposed.length === 0 && personas.data && proposals.data && (
        <p className="quiet">
          <FormattedMessage id="personas.none" />
        </p>
      )}
      {joined.length + proposed.length > 0 && (
        <div className={styles.wide} tabIndex={0} role="region" aria-labelledby="personas">
          <table>
            <thead>
              <tr>
                <th scope="col">
                  <FormattedMessage id="learners.name" />
                </th>
                <th scope="col">
                  <FormattedMessage id="personas.identities" />
                </th>
                <th scope="col" className="number">
                  <FormattedMessage id="settings.action" />
                </th>
              </tr>
            </thead>
            <tbody>
              {joined.map((one) => (
                <tr key={one.id}>
                  <td>{one.name}</td>
                  <td>{one.agents.map(shownIdentity).join(', ')}</td>
                  <td className="number">
                    <button type="button" aria-label={intl.formatMessage({ id: 'personas.part_person' }, { name: one.name })} onClick={() => parting.mutate(one.id)}>
                      <FormattedMessage id="personas.part" />
                    </button>
                  </td>
                </tr>
              ))}
              {proposed.map((one) => (
                <tr key={one.agents.map(shownIdentity).join()}>
                  <td>
                    {one.name}{' '}
                    <span className="quiet">
                      <FormattedMessage id={`personas.${one.because}`} />
                    </span>
                  </td>
                  <td>{one.agents.map(shownIdentity).join(', ')}</td>
                  <td className="number">
                    <button type="button" aria-label={intl.formatMessage({ id: 'personas.join_person' }, { name: one.name })} onClick={() => joining.mutate(one)}>
                      <FormattedMessage id="personas.join" />
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
