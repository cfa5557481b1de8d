import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { acceptInvitation, getInvitation } from '../api/client'
import { Card } from '../ui/Card'

export function Welcome({ token }: { token: string }) {
  const intl = useIntl()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const invitation = useQuery({ queryKey: ['invitation', token], queryFn: () => getInvitation(token) })
  const accepting = useMutation({
    mutationFn: () => acceptInvitation(token, name, password),
    onSuccess: () => location.assign('/'),
  })
  if (invitation.isPending) return null
  const reset = invitation.data?.name !== undefined
  const title = intl.formatMessage({ id: reset ? 'welcome.reset' : 'welcome.title' })
  if (!invitation.data) {
    return (
      <Card title={title}>
        <p role="alert" className="problem">
          <FormattedMessage id="welcome.invalid" />
        </p>
      </Card>
    )
  }
  const role = intl.formatMessage({ id: `role.${invitation.data.role}` })
  return (
    <Card title={title} onSubmit={() => accepting.mutate()}>
      {!reset && (
        <>
          <FormattedMessage id="welcome.intro" values={{ role }} tagName="p" />
          <div>
            <label htmlFor="name">
              <FormattedMessage id="sign_in.name" />
            </label>
            <input id="name" autoComplete="username" autoFocus value={name} onChange={(e) => setName(e.target.value)} />
          </div>
        </>
      )}
      <div>
        <label htmlFor="password">
          <FormattedMessage id="sign_in.password" />
        </label>
        <input
          id="password"
          type="password"
          autoComplete="new-password"
          aria-describedby="hint"
          value={password}
          onChange={(e) => setPassword(e.target.value)}
        />
        <span id="hint" className="quiet">
          <FormattedMessage id="welcome.hint" />
        </span>
      </div>
      <div role="alert" className="problem">
        {accepting.error?.message}
      </div>
      <button className="main" disabled={accepting.isPending}>
        <FormattedMessage id="welcome.submit" />
      </button>
    </Card>
  )
}
