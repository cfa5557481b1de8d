// Where a link leads: what it starts, and the start.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { getLaunch, nameOf, startLaunch } from '../api/client'
import { Card } from '../ui/Card'

export function Launch({ token }: { token: string }) {
  const intl = useIntl()
  const launch = useQuery({ queryKey: ['launch', token], queryFn: () => getLaunch(token) })
  const starting = useMutation({ mutationFn: () => startLaunch(token), onSuccess: ({ url }) => location.replace(url) })
  const begun = useRef(false)
  const { mutate } = starting
  useEffect(() => {
    if (!launch.data || begun.current) return
    begun.current = true
    mutate()
  }, [launch.data, mutate])
  if (launch.isPending) return null
  if (!launch.data) {
    return (
      <Card title={intl.formatMessage({ id: 'launch.title' })}>
        <p role="alert" className="problem">
          <FormattedMessage id="launch.unknown" />
        </p>
      </Card>
    )
  }
  return (
    <Card title={nameOf(launch.data.titles, document.documentElement.lang) ?? ''} onSubmit={() => mutate()}>
      <p role="status">
        <FormattedMessage id="launch.starting" />
      </p>
      <div role="alert" className="problem">
        {starting.error?.message}
      </div>
      <button className="main" disabled={starting.isPending}>
        <FormattedMessage id="launch.start" />
      </button>
    </Card>
  )
}
