// Which page is shown: by who asks, and by the address.
import { useQuery } from '@tanstack/react-query'
import { getSession, Refusal } from './api/client'
import { Overview } from './routes/Overview'
import { Settings } from './routes/Settings'
import { SignIn } from './routes/SignIn'
import { Welcome } from './routes/Welcome'
import { Shell } from './ui/Shell'

export function App() {
  const welcome = /^\/welcome\/([^/]+)$/.exec(location.pathname)
  const session = useQuery({ queryKey: ['session'], queryFn: getSession, enabled: !welcome })
  if (welcome) return <Welcome token={welcome[1]!} />
  if (session.isPending) return null
  if (session.error instanceof Refusal && session.error.status === 401) return <SignIn />
  if (!session.data) return <SignIn problem={session.error} />
  return (
    <Shell session={session.data}>
      {location.pathname === '/settings' && session.data.role === 'administrator' ? (
        <Settings session={session.data} />
      ) : (
        <Overview session={session.data} />
      )}
    </Shell>
  )
}
