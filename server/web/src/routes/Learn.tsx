// A learner's own courses: go on where you were.
import { useMutation, useQuery } from '@tanstack/react-query'
import { FormattedMessage, useIntl } from 'react-intl'
import { getMyCourses, launchMine, nameOf, startLaunch, type MyCourse } from '../api/client'
import { Problem } from '../ui/Problem'
import styles from './Library.module.css'

const language = () => document.documentElement.lang

function Course({ course, start, busy }: { course: MyCourse; start: () => void; busy: boolean }) {
  const intl = useIntl()
  const of = course.activities.length
  const done = course.activities.filter((one) => one.completed || one.passed || one.waived).length
  const title = nameOf(course.titles, language()) ?? ''
  const words = !course.begun ? 'learn.start' : done === of && of > 0 ? 'learn.again' : 'learn.go_on'
  return (
    <li>
      <h2>{title}</h2>
      {nameOf(course.descriptions, language()) && <p className="quiet">{nameOf(course.descriptions, language())}</p>}
      {course.begun && of > 0 && (
        <>
          <progress max={of} value={done} aria-label={intl.formatMessage({ id: 'learn.progress' }, { title })} />
          <p>
            <FormattedMessage id="library.of" values={{ done, of }} />
          </p>
        </>
      )}
      <button type="button" className="main" disabled={busy} onClick={start} aria-label={`${intl.formatMessage({ id: words })}: ${title}`}>
        <FormattedMessage id={words} />
      </button>
    </li>
  )
}

export function Learn() {
  const courses = useQuery({ queryKey: ['my-courses'], queryFn: getMyCourses })
  const starting = useMutation({
    mutationFn: async (id: string) => startLaunch((await launchMine(id)).url.split('/').pop()!),
    onSuccess: ({ url }) => location.assign(url),
  })
  return (
    <>
      <h1>
        <FormattedMessage id="learn.title" />
      </h1>
      <Problem error={courses.error ?? starting.error} />
      {courses.data?.items.length === 0 && <FormattedMessage id="learn.none" tagName="p" />}
      <ul className={styles.courses}>
        {courses.data?.items.map((course) => (
          <Course key={course.id} course={course} busy={starting.isPending} start={() => starting.mutate(course.id)} />
        ))}
      </ul>
    </>
  )
}
