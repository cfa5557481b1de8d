// When people learn: a cell for each hour of each day of the week, the darker the more. A table, so that nobody
// needs to see colours.
import { useIntl } from 'react-intl'
import type { Answer } from '../api/client'
import styles from './WeekMap.module.css'

const hours = Array.from({ length: 24 }, (_, hour) => hour)
const shades = [styles.shade0, styles.shade1, styles.shade2, styles.shade3, styles.shade4, styles.shade5]

export function WeekMap({ answer }: { answer: Answer }) {
  const intl = useIntl()
  const counts = new Map(answer.rows.map((row) => [`${row[0] as number} ${row[1] as number}`, row[2] as number]))
  const most = Math.max(1, ...counts.values())
  // 2024-01-01 was a Monday.
  const day = (number: number) =>
    intl.formatDate(new Date(Date.UTC(2024, 0, number)), { weekday: 'short', timeZone: 'UTC' })
  return (
    <div className={styles.wide} tabIndex={0} role="region" aria-labelledby="hours">
      <table className={styles.map}>
        <thead>
          <tr>
            <td />
            {hours.map((hour) => (
              <th key={hour} scope="col">
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[1, 2, 3, 4, 5, 6, 7].map((weekday) => (
            <tr key={weekday}>
              <th scope="row">{day(weekday)}</th>
              {hours.map((hour) => {
                const count = counts.get(`${weekday} ${hour}`) ?? 0
                const shade = count === 0 ? 0 : Math.min(5, 1 + Math.floor((count / most) * 4.99))
                return (
                  <td key={hour} className={shades[shade]} title={intl.formatNumber(count)}>
                    <span>{intl.formatNumber(count)}</span>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
