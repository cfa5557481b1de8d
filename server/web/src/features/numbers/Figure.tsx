// A number with its story: what it is, what it was, and what it means.
import { FormattedMessage, useIntl } from 'react-intl'
import styles from './Figure.module.css'

export type Kind = 'count' | 'rate' | 'seconds'

export function useShown() {
  const intl = useIntl()
  return (value: number | null, kind: Kind): string => {
    if (value === null) return '–'
    if (kind === 'count') return intl.formatNumber(value)
    if (kind === 'rate') return intl.formatNumber(value, { style: 'percent', maximumFractionDigits: 0 })
    const minutes = Math.round(value / 60)
    const parts = []
    if (minutes >= 60) parts.push(intl.formatMessage({ id: 'hours' }, { hours: Math.floor(minutes / 60) }))
    if (minutes % 60 !== 0 || minutes < 60) parts.push(intl.formatMessage({ id: 'minutes' }, { minutes: minutes % 60 }))
    return parts.join(' ')
  }
}

export function Figure(props: {
  id: string
  title: string
  definition: string
  kind: Kind
  value: number | null
  before: number | null
  days: number
}) {
  const shown = useShown()
  return (
    <section className={styles.figure} aria-labelledby={props.id} title={props.definition}>
      <h2 id={props.id}>{props.title}</h2>
      <p className={styles.value}>{shown(props.value, props.kind)}</p>
      <p className="quiet">
        {props.before ? (
          <FormattedMessage id="overview.before" values={{ value: shown(props.before, props.kind), days: props.days }} />
        ) : (
          <FormattedMessage id="overview.none_before" values={{ days: props.days }} />
        )}
      </p>
    </section>
  )
}
