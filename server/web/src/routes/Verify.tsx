// An auditor drops a bundle and sees whether it holds. Computed here: the file does not leave the browser.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { getLogKey } from '../api/client'
import { parseKeys, verifyBundle, type Verdict } from '../features/exports/verifyBundle'
import styles from './Verify.module.css'

export function Verify() {
  const intl = useIntl()
  const known = useQuery({ queryKey: ['log-key'], queryFn: getLogKey, retry: false })
  const [own, setOwn] = useState<string>()
  const [share, setShare] = useState<number>()
  const [verdict, setVerdict] = useState<Verdict & { file: string }>()
  const keyText = own ?? known.data ?? ''
  const keys = parseKeys(keyText)
  const [file, setFile] = useState<File>()
  // A file that comes before the key waits for it; another key judges it anew.
  useEffect(() => {
    const given = parseKeys(keyText)
    setVerdict(undefined)
    setShare(undefined)
    if (!file || !given) return
    let wanted = true
    setShare(0)
    void verifyBundle(file, given, (share) => wanted && setShare(share)).then((found) => {
      if (!wanted) return
      setShare(undefined)
      setVerdict({ ...found, file: found.file ?? file.name })
    })
    return () => {
      wanted = false
    }
  }, [file, keyText])
  return (
    <main className={styles.page}>
      <h1>
        <FormattedMessage id="verify.title" />
      </h1>
      <p>
        <FormattedMessage id="verify.intro" />
      </p>
      <div>
        <label htmlFor="key">
          <FormattedMessage id="verify.key" />
        </label>
        <textarea id="key" rows={2} value={keyText} onChange={(event) => setOwn(event.target.value)} spellCheck={false} />
        {!keys && (
          <p role="alert" className="problem">
            <FormattedMessage id="verify.no_key" />
          </p>
        )}
      </div>
      <div
        className={styles.drop}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          setFile(event.dataTransfer.files[0])
        }}
      >
        <label htmlFor="bundle">
          <FormattedMessage id="verify.file" />
        </label>
        <input id="bundle" type="file" accept=".zip,application/zip" onChange={(event) => setFile(event.target.files?.[0])} />
      </div>
      <div role="status" aria-live="polite">
        {share !== undefined && <FormattedMessage id="verify.running" values={{ share: intl.formatNumber(share, { style: 'percent' }) }} />}
        {verdict?.holds && (
          <section className={styles.holds} aria-label={intl.formatMessage({ id: 'verify.holds' })}>
            <h2>
              <FormattedMessage id="verify.holds" />
            </h2>
            <ul>
              <li>
                <FormattedMessage id="verify.signed" values={{ origin: verdict.origin, size: verdict.size }} />
              </li>
              <li>
                <FormattedMessage id="verify.files" />
              </li>
              <li>
                <FormattedMessage id={verdict.altered ? 'verify.in_order' : 'verify.statements'} values={{ count: verdict.statements }} />
              </li>
              {verdict.altered ? (
                <li>
                  <FormattedMessage id="verify.altered" values={{ count: verdict.altered }} />
                </li>
              ) : null}
              <li>
                <FormattedMessage id={`verify.${verdict.reason}`} />
              </li>
            </ul>
          </section>
        )}
        {verdict && !verdict.holds && (
          <section className={styles.fails} aria-label={intl.formatMessage({ id: 'verify.fails' })}>
            <h2>
              <FormattedMessage id="verify.fails" />
            </h2>
            <p>
              <FormattedMessage id={`verify.because.${verdict.reason}`} values={{ line: verdict.line, file: verdict.file }} />
            </p>
          </section>
        )}
      </div>
    </main>
  )
}
