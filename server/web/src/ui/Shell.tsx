// What stands around every page.
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import { signOut, type Session } from '../api/client'
import { useOrganizationName } from '../words/Words'
import styles from './Shell.module.css'

const persons: Session['role'][] = ['administrator', 'auditor', 'trainer']
const exporters: Session['role'][] = ['administrator', 'auditor']
const numbers: Session['role'][] = [...persons, 'analyst']

const pages: { path: string; words: string; roles: Session['role'][] }[] = [
  { path: '/', words: 'overview.title', roles: numbers },
  { path: '/courses', words: 'courses.title', roles: numbers },
  { path: '/library', words: 'library.title', roles: numbers },
  { path: '/learn', words: 'learn.title', roles: [...numbers, 'learner'] },
  { path: '/learners', words: 'learners.title', roles: persons },
  { path: '/statements', words: 'statements.title', roles: persons },
  { path: '/exports', words: 'exports.title', roles: exporters },
  { path: '/privacy', words: 'privacy.title', roles: exporters },
  { path: '/settings', words: 'settings.title', roles: ['administrator'] },
]

// Who may see what a person did; the others see groups.
export const seesPersons = (role: Session['role']) => persons.includes(role)

export const mayExport = (role: Session['role']) => exporters.includes(role)

// What somebody may see.
export const pagesOf = (role: Session['role']) => pages.filter(({ roles }) => roles.includes(role))

export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const queries = useQueryClient()
  const name = useOrganizationName()
  const leave = async () => {
    await signOut()
    queries.clear()
    location.assign('/')
  }
  return (
    <>
      <header className={styles.bar}>
        <strong>{name || 'Leerspoor'}</strong>
        <nav className={styles.pages}>
          {pagesOf(session.role).map(({ path, words }) => (
            <a key={path} href={path} aria-current={location.pathname === path ? 'page' : undefined}>
              <FormattedMessage id={words} />
            </a>
          ))}
        </nav>
        <span className={styles.who}>{session.person}</span>
        <button type="button" onClick={leave}>
          <FormattedMessage id="sign_out" />
        </button>
      </header>
      <main className={styles.page}>{children}</main>
    </>
  )
}
