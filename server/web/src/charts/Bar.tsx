// A share of something as a bar behind nothing but its length; the number stands beside it.
import styles from './Bar.module.css'

export function Bar({ share, strong = true }: { share: number; strong?: boolean }) {
  return (
    <svg className={styles.bar} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className={styles.ground} width="100" height="8" />
      <rect className={strong ? styles.strong : styles.weak} width={Math.max(0, Math.min(100, share * 100))} height="8" />
    </svg>
  )
}
