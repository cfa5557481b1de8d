// Courses as their makers see them: packages in, what was found in them, who is where, and links for learners.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState, type DragEvent, type FormEvent } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import {
  addLaunch, getCourse, getPackages, getRegistrations, moveLearners, nameOf, removeCourse, retireCourse, upload,
  type CourseNode, type Launch, type PackageReport, type Registration, type Session,
} from '../api/client'
import { Problem } from '../ui/Problem'
import list from '../features/statements/Latest.module.css'
import settings from './Settings.module.css'
import styles from './Library.module.css'

const language = () => document.documentElement.lang
const mayChange = (role: Session['role']) => role === 'administrator' || role === 'trainer'
const seesLearners = (role: Session['role']) => mayChange(role) || role === 'auditor'
const megabytes = (bytes: number) => Math.max(0.1, Math.round((bytes / (1 << 20)) * 10) / 10)

function Found({ report }: { report: PackageReport }) {
  const intl = useIntl()
  return (
    <div className={styles.found} role="status">
      <strong>
        <FormattedMessage id="library.taken" values={{ title: nameOf(report.titles, language()) ?? report.publisher_id }} />
      </strong>
      <p>
        <FormattedMessage
          id="library.found"
          values={{ kind: intl.formatMessage({ id: `library.${report.kind}` }), edition: report.edition, parts: report.activities.length, files: report.files, size: megabytes(report.bytes) }}
        />
      </p>
      {report.warnings.length > 0 && (
        <>
          <FormattedMessage id="library.warnings" tagName="p" />
          <ul>
            {report.warnings.map((warning, i) => (
              <li key={i}>
                <code>{warning.where}</code> {warning.message}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function Upload({ course }: { course?: string }) {
  const intl = useIntl()
  const queries = useQueryClient()
  const [over, setOver] = useState(false)
  const [sent, setSent] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const taking = useMutation({
    mutationFn: (file: File) => upload(file, course, setSent),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['packages'] }),
  })
  const take = (files: FileList | null) => {
    const file = files?.[0]
    if (!file || taking.isPending) return
    setSent(0)
    taking.mutate(file)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  return (
    <>
      <div
        className={`${styles.drop} ${over ? styles.over : ''}`}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>
          <FormattedMessage id={course ? 'library.drop_version' : 'library.drop'} />
        </p>
        <input ref={input} id="package" type="file" hidden accept=".zip,.xml" onChange={(event) => take(event.target.files)} />
        <button type="button" className="main" disabled={taking.isPending} onClick={() => input.current?.click()}>
          <FormattedMessage id="library.choose" />
        </button>
        {taking.isPending && (
          <p role="status" className={styles.progress}>
            <progress max={1} value={sent} aria-label={intl.formatMessage({ id: 'library.sending' })} />
            <FormattedMessage id={sent < 1 ? 'library.sending' : 'library.reading'} />
          </p>
        )}
      </div>
      {taking.error && (
        <div role="alert" className="problem">
          <p>{taking.error.message}</p>
          {'pointer' in taking.error && taking.error.pointer !== '' && <code>{String(taking.error.pointer)}</code>}
        </div>
      )}
      {taking.data && <Found report={taking.data} />}
    </>
  )
}

function Tree({ nodes }: { nodes: CourseNode[] }) {
  return (
    <ul className={styles.tree}>
      {nodes.map((node) => (
        <li key={node.id}>
          {nameOf(node.title, language()) ?? node.id}
          {node.move_on && node.move_on !== 'NotApplicable' && <small className="quiet"> {node.move_on}</small>}
          {node.mastery_score !== undefined && <small className="quiet"> ≥ {Math.round(node.mastery_score * 100)} %</small>}
          {node.children.length > 0 && <Tree nodes={node.children} />}
        </li>
      ))}
    </ul>
  )
}

function Links({ course, nodes }: { course: string; nodes: { id: string; title: Record<string, string> }[] }) {
  const intl = useIntl()
  const [who, setWho] = useState('')
  const [home, setHome] = useState('https://leerspoor.local')
  const [mode, setMode] = useState('normal')
  const [node, setNode] = useState('')
  const making = useMutation<Launch, Error, object>({ mutationFn: addLaunch })
  const learner = who.includes('@') && !home ? { mbox: `mailto:${who}` } : { account: { homePage: home, name: who }, name: who }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    making.mutate({ course, learner, mode, ...(node ? { node } : {}) })
  }
  return (
    <>
      <form onSubmit={submit} className={settings.form} aria-label={intl.formatMessage({ id: 'library.link' })}>
        <div>
          <label htmlFor="learner">
            <FormattedMessage id="library.learner" />
          </label>
          <input id="learner" required value={who} onChange={(event) => setWho(event.target.value)} />
        </div>
        <div>
          <label htmlFor="home">
            <FormattedMessage id="library.home" />
          </label>
          <input id="home" type="url" required value={home} onChange={(event) => setHome(event.target.value)} />
        </div>
        <div>
          <label htmlFor="mode">
            <FormattedMessage id="library.mode" />
          </label>
          <select id="mode" value={mode} onChange={(event) => setMode(event.target.value)}>
            {['normal', 'browse', 'review'].map((one) => (
              <option key={one} value={one}>
                {intl.formatMessage({ id: `library.mode.${one}` })}
              </option>
            ))}
          </select>
        </div>
        {nodes.length > 1 && (
          <div>
            <label htmlFor="node">
              <FormattedMessage id="library.part" />
            </label>
            <select id="node" value={node} onChange={(event) => setNode(event.target.value)}>
              <option value="">{intl.formatMessage({ id: 'library.where_they_were' })}</option>
              {nodes.map((one) => (
                <option key={one.id} value={one.id}>
                  {nameOf(one.title, language()) ?? one.id}
                </option>
              ))}
            </select>
          </div>
        )}
        <button className="main" disabled={making.isPending}>
          <FormattedMessage id="library.make_link" />
        </button>
      </form>
      <Problem error={making.error} />
      {making.data && (
        <div className={settings.secret} role="status">
          <p>
            <FormattedMessage id="library.link_until" values={{ when: intl.formatDate(making.data.expires, { dateStyle: 'long', timeStyle: 'short' }) }} />
          </p>
          <p>
            <a href={making.data.url} target="_blank" rel="noreferrer">
              {making.data.url}
            </a>
          </p>
          <img className={styles.qr} alt={intl.formatMessage({ id: 'library.qr' })} src={`/api/v1/launches/${making.data.url.split('/').pop()}/qr.svg`} />
        </div>
      )}
    </>
  )
}

function standing(activities: Registration['activities']): { done: number; failed: number } {
  const done = activities.filter((one) => one.completed || one.passed || one.waived).length
  return { done, failed: activities.filter((one) => one.failed && !one.passed).length }
}

function Learners({ course, newest, canMove }: { course: string; newest: string; canMove: boolean }) {
  const intl = useIntl()
  const queries = useQueryClient()
  const moving = useMutation({ mutationFn: () => moveLearners(course), onSuccess: () => queries.invalidateQueries({ queryKey: ['registrations', course] }) })
  const learners = useQuery({ queryKey: ['registrations', course], queryFn: () => getRegistrations(course), refetchInterval: 5000 })
  const older = learners.data?.items.filter((one) => one.version !== newest).length ?? 0
  if (learners.data?.items.length === 0) return <FormattedMessage id="library.nobody" tagName="p" />
  return (
    <>
      <Problem error={learners.error} />
      <div className={settings.wide}>
        <table>
          <thead>
            <tr>
              {['library.learner', 'library.begun', 'library.progress'].map((id) => (
                <th key={id} scope="col">
                  <FormattedMessage id={id} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {learners.data?.items.map((registration) => {
              const { done, failed } = standing(registration.activities)
              const { learner } = registration
              const agent = encodeURIComponent(JSON.stringify(learner.account ? { account: learner.account } : { mbox: learner.mbox }))
              return (
                <tr key={registration.id}>
                  <td>
                    <a href={`/statements?agent=${agent}&registration=${registration.id}`}>{learner.name ?? learner.account?.name ?? learner.mbox}</a>
                  </td>
                  <td>{intl.formatDate(registration.begun, { dateStyle: 'medium', timeStyle: 'short' })}</td>
                  <td>
                    <FormattedMessage id="library.of" values={{ done, of: registration.activities.length }} />
                    {failed > 0 && (
                      <>
                        {', '}
                        <FormattedMessage id="library.failed" values={{ failed }} />
                      </>
                    )}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {older > 0 && (
        <p>
          <FormattedMessage id="library.older" values={{ older }} />{' '}
          {canMove && (
            <button type="button" disabled={moving.isPending} onClick={() => moving.mutate()}>
              <FormattedMessage id="library.move" />
            </button>
          )}
        </p>
      )}
      <Problem error={moving.error} />
    </>
  )
}

function One({ id, session }: { id: string; session: Session }) {
  const intl = useIntl()
  const queries = useQueryClient()
  const course = useQuery({ queryKey: ['packages', id], queryFn: () => getCourse(id) })
  const reload = () => queries.invalidateQueries({ queryKey: ['packages'] })
  const retiring = useMutation({ mutationFn: (retired: boolean) => retireCourse(id, retired), onSuccess: reload })
  const trying = useMutation({
    mutationFn: () => addLaunch({ course: id, learner: { account: { homePage: location.origin, name: session.person }, name: session.person }, mode: 'browse', return_url: location.href }),
    onSuccess: ({ url }) => location.assign(url),
  })
  const removing = useMutation({ mutationFn: () => removeCourse(id), onSuccess: () => location.assign('/library') })
  if (!course.data) return <Problem error={course.error} />
  const { data } = course
  return (
    <>
      <p>
        <a href="/library">
          <FormattedMessage id="library.all" />
        </a>
      </p>
      <h1>{nameOf(data.titles, language()) ?? data.publisher_id}</h1>
      {nameOf(data.descriptions, language()) && <p className="quiet">{nameOf(data.descriptions, language())}</p>}
      <p>
        <FormattedMessage
          id="library.facts"
          values={{ kind: intl.formatMessage({ id: `library.${data.kind}` }), edition: data.edition, versions: data.versions.length, by: data.uploaded_by, when: intl.formatDate(data.uploaded, { dateStyle: 'long' }), size: megabytes(data.bytes) }}
        />{' '}
        {data.retired && (
          <strong>
            <FormattedMessage id="library.retired" />
          </strong>
        )}
      </p>
      <section className={settings.part}>
        <h2>
          <FormattedMessage id="library.tree" />
        </h2>
        <Tree nodes={data.nodes} />
      </section>
      {mayChange(session.role) && (
        <section className={settings.part}>
          <h2>
            <FormattedMessage id="library.link" />
          </h2>
          <Links course={id} nodes={data.activities} />
        </section>
      )}
      {seesLearners(session.role) && (
        <section className={settings.part}>
          <h2>
            <FormattedMessage id="library.learners" />
          </h2>
          <Learners course={id} newest={data.versions[data.versions.length - 1] ?? ''} canMove={mayChange(session.role)} />
        </section>
      )}
      {data.warnings.length > 0 && (
        <section className={settings.part}>
          <h2>
            <FormattedMessage id="library.warnings" />
          </h2>
          <ul>
            {data.warnings.map((warning, i) => (
              <li key={i}>
                <code>{warning.where}</code> {warning.message}
              </li>
            ))}
          </ul>
        </section>
      )}
      {mayChange(session.role) && (
        <section className={settings.part}>
          <h2>
            <FormattedMessage id="library.version" />
          </h2>
          <Upload course={id} />
          <div className={settings.actions}>
            <button type="button" disabled={trying.isPending} onClick={() => trying.mutate()}>
              <FormattedMessage id="library.try" />
            </button>
            <button type="button" onClick={() => retiring.mutate(!data.retired)}>
              <FormattedMessage id={data.retired ? 'library.restore' : 'library.retire'} />
            </button>
            <button type="button" onClick={() => removing.mutate()}>
              <FormattedMessage id="library.remove" />
            </button>
          </div>
          <Problem error={retiring.error ?? removing.error ?? trying.error} />
        </section>
      )}
    </>
  )
}

export function Library({ session }: { session: Session }) {
  const intl = useIntl()
  const id = new URLSearchParams(location.search).get('course')
  const courses = useQuery({ queryKey: ['packages'], queryFn: getPackages, enabled: !id })
  if (id) return <One id={id} session={session} />
  return (
    <>
      <h1>
        <FormattedMessage id="library.title" />
      </h1>
      {mayChange(session.role) && <Upload />}
      <Problem error={courses.error} />
      {courses.data?.items.length === 0 && <FormattedMessage id="library.empty" tagName="p" />}
      <ul className={list.list}>
        {courses.data?.items.map((course) => (
          <li key={course.id}>
            <span>
              <a href={`/library?course=${course.id}`}>{nameOf(course.titles, language()) ?? course.publisher_id}</a>
              <br />
              <span className="quiet">
                {intl.formatMessage({ id: `library.${course.kind}` })}
                {course.retired && <> · {intl.formatMessage({ id: 'library.retired' })}</>}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
