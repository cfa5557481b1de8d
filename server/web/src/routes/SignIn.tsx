import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Refusal, signIn } from '../api/client'
import { Card } from '../ui/Card'

export function SignIn({ problem }: { problem?: Error | null }) {
  const intl = useIntl()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const signing = useMutation({
    mutationFn: () => signIn(name, password),
    onSuccess: (session) => queries.setQueryData(['session'], session),
  })
  const error = signing.error ?? problem
  const code = error instanceof Refusal ? error.code : ''
  return (
    <Card title={intl.formatMessage({ id: 'sign_in.title' })} onSubmit={() => signing.mutate()}>
      <div>
        <label htmlFor="name">
          <FormattedMessage id="sign_in.name" />
        </label>
        <input id="name" autoComplete="username" autoFocus value={name} onChange={(e) => setName(e.target.value)} />
      </div>
      <div>
        <label htmlFor="password">
          <FormattedMessage id="sign_in.password" />
        </label>
        <input
          id="password"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(e) => setPassword(e.target.value)}
        />
      </div>
      <div role="alert" className="problem">
        {code === 'sign_in_refused' ? (
          <FormattedMessage id="sign_in.refused" />
        ) : code === 'sign_in_throttled' ? (
          <FormattedMessage id="sign_in.throttled" />
        ) : (
          error && <FormattedMessage id="problem" values={{ message: error.message }} />
        )}
      </div>
      <button className="main" disabled={signing.isPending}>
        <FormattedMessage id="sign_in.submit" />
      </button>
    </Card>
  )
}
