// The one form that stands alone on a page.
import type { FormEvent, ReactNode } from 'react'
import styles from './Card.module.css'

export function Card({ title, onSubmit, children }: { title: string; onSubmit?: () => void; children: ReactNode }) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit?.()
  }
  return (
    <main className={styles.middle}>
      <form className={styles.card} onSubmit={submit} noValidate>
        <h1>{title}</h1>
        {children}
      </form>
    </main>
  )
}
