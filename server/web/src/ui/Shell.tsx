// What stands around every page.
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import { signOut, type Session } from '../api/client'
import styles from './Shell.module.css'

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
        <span className={styles.who}>{session.person}</span>
        <button type="button" onClick={leave}>
          <FormattedMessage id="sign_out" />
        </button>
      </header>
      <main className={styles.page}>{children}</main>
    </>
  )
}
