// Which page is shown: by who asks, and by the address.
import { useQuery } from '@tanstack/react-query'
import { getSession, Refusal, type Session } from './api/client'
import { Courses } from './routes/Courses'
import { Exports } from './routes/Exports'
import { Launch } from './routes/Launch'
import { Learn } from './routes/Learn'
import { Learners } from './routes/Learners'
import { Library } from './routes/Library'
import { Overview } from './routes/Overview'
import { Privacy } from './routes/Privacy'
import { Settings } from './routes/Settings'
import { SignIn } from './routes/SignIn'
import { Statements } from './routes/Statements'
import { Verify } from './routes/Verify'
import { Welcome } from './routes/Welcome'
import { pagesOf, Shell } from './ui/Shell'

function Page({ session }: { session: Session }) {
  const page = pagesOf(session.role).find(({ path }) => path === location.pathname)?.path
  if (page === '/statements') return <Statements session={session} />
  if (page === '/courses') return <Courses />
  if (page === '/library') return <Library session={session} />
  if (page === '/learn') return <Learn />
  if (page === '/learners') return <Learners session={session} />
  if (page === '/exports') return <Exports />
  if (page === '/privacy') return <Privacy session={session} />
  if (page === '/settings') return <Settings session={session} />
  if (session.role === 'learner') return <Learn />
  return <Overview session={session} />
}

export function App() {
  const welcome = /^\/welcome\/([^/]+)$/.exec(location.pathname)
  const launched = /^\/launch\/([^/]+)$/.exec(location.pathname)
  const verifying = location.pathname === '/verify'
  const session = useQuery({ queryKey: ['session'], queryFn: getSession, enabled: !welcome && !launched && !verifying })
  if (welcome) return <Welcome token={welcome[1]!} />
  if (launched) return <Launch token={launched[1]!} />
  if (verifying) return <Verify />
  if (session.isPending) return null
  if (session.error instanceof Refusal && session.error.status === 401) return <SignIn />
  if (!session.data) return <SignIn problem={session.error} />
  return (
    <Shell session={session.data}>
      <Page session={session.data} />
    </Shell>
  )
}
