// What stands around every page.
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import { signOut, type Session } from '../api/client'
import styles from './Shell.module.css'

const pages = [
  { path: '/', words: 'overview.title' },
  { path: '/settings', words: 'settings.title' },
]

export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const queries = useQueryClient()
  const leave = async () => {
    await signOut()
    queries.clear()
    location.assign('/')
  }
  return (
    <>
      <header className={styles.bar}>
        <strong>Leerspoor</strong>
        {session.role === 'administrator' && (
          <nav className={styles.pages}>
            {pages.map(({ path, words }) => (
              <a key={path} href={path} aria-current={location.pathname === path ? 'page' : undefined}>
                <FormattedMessage id={words} />
              </a>
            ))}
          </nav>
        )}
        <span className={styles.who}>{session.person}</span>
        <button type="button" onClick={leave}>
          <FormattedMessage id="sign_out" />
        </button>
      </header>
      <main className={styles.page}>{children}</main>
    </>
  )
}
