// An answer as a table: what each row is about, and its measures.
import type { ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Answer } from '../../api/client'
import { useShown, type Kind } from './Figure'
import styles from './NumberTable.module.css'

export interface NumberColumn {
  measure: string
  words: string
  kind: Kind | 'time'
}

// `row` shows the value of the first dimension.
export function NumberTable(props: {
  label: string
  head: string
  answer: Answer
  columns: NumberColumn[]
  row: (key: string) => ReactNode
}) {
  const intl = useIntl()
  const shown = useShown()
  const place = (measure: string) => props.answer.columns.findIndex((one) => one.name === measure)
  if (props.answer.rows.length === 0) {
    return (
      <p className="quiet">
        <FormattedMessage id="numbers.none" />
      </p>
    )
  }
  return (
    <div className={styles.wide} tabIndex={0} role="region" aria-label={props.label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{props.head}</th>
            {props.columns.map((one) => (
              <th key={one.measure} scope="col" className="number" title={intl.messages[`definition.${one.measure}`] as string | undefined}>
                <FormattedMessage id={one.words} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.answer.rows.map((row, at) => (
            <tr key={at}>
              <td>{typeof row[0] === 'string' ? props.row(row[0]) : '–'}</td>
              {props.columns.map((one) => {
                const value = row[place(one.measure)]
                return (
                  <td key={one.measure} className="number">
                    {one.kind === 'time'
                      ? typeof value === 'string' && intl.formatDate(value, { dateStyle: 'medium' })
                      : shown(typeof value === 'number' ? value : null, one.kind)}
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
