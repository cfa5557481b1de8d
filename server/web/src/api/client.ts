// The API of this server, as it is described under /api/v1.

export const roles = ['administrator', 'analyst', 'auditor', 'trainer', 'learner'] as const

export interface Session {
  person: string
  role: (typeof roles)[number]
  csrf: string
}

export interface Key {
  key: string
  name: string
  scopes: string[]
  created: string
  revoked?: string
}

export interface Person {
  name: string
  role: Session['role']
  created: string
}

export interface Column {
  name: string
  kind: string
}

export interface Response {
  response: string
  learners: number
  share: number
  correct: boolean | null
  text: Record<string, string> | null
}

export type Value = string | number | boolean | null | { others: true } | Response[]

export interface Answer {
  columns: Column[]
  rows: Value[][]
  totals?: Value[]
  labels: Record<string, Record<string, string>>
  hidden?: number
  groups: number
  sequence: number
  as_of: string
  took_seconds: number
}

export interface Organization {
  name_nl: string
  name_en: string
  accent: string
  zone: string
  smallest_group: number
}

export interface ExportJob {
  id: string
  state: 'waiting' | 'running' | 'done' | 'failed'
  format: 'bundle' | 'jsonl' | 'csv' | 'xlsx' | 'transcript' | 'package'
  filter: Record<string, unknown>
  by: string
  made: string
  expires: string
  statements: number
  of: number
  href?: string
  bytes?: number
  error?: { code: string; message: string }
}

export interface Erasure {
  id: string
  kind: 'erase' | 'pseudonymise' | 'retention'
  state: 'previewing' | 'previewed' | 'running' | 'purging' | 'done' | 'failed'
  reason: string
  by: string
  made: string
  agents: Actor[]
  counts: { looked_at: number; of: number; statements_erased: number; statements_altered: number; documents: number; attachments: number }
  certificate?: string
  signature?: string
  error?: { code: string; message: string }
}

export interface AccessEntry {
  id: string
  time: string
  by: string
  what: 'reads' | 'exports' | 'erases' | 'manages'
  whose: Actor | null
  resource: string
  address: string
  purpose?: string
  times: number
}

export interface Relay {
  id: string
  kind: 'pull' | 'forward' | 'webhook'
  url: string
  done: number
  refused: number
  problem: string
}

export interface ExportSchedule {
  id: string
  every: 'day' | 'week' | 'month'
  next: string
  format: ExportJob['format']
  filter: Record<string, unknown>
  by: string
}

export interface LegalHold {
  id: string
  agents: Actor[]
  reason: string
  since: string
}

export interface RetentionRule {
  id: string
  filter: Record<string, unknown>
  days: number
  reason: string
}

export interface Persona {
  id: string
  name: string
  agents: Actor[]
}

export interface Proposal {
  name: string
  because: 'address' | 'name'
  agents: Actor[]
}

export type CourseKind = 'scorm_1_2' | 'scorm_2004' | 'cmi5' | 'xapi'
export interface Finding {
  code: string
  where: string
  message: string
}
export interface CourseNode {
  id: string
  title: Record<string, string>
  move_on?: string
  mastery_score?: number
  children: CourseNode[]
}
export interface CoursePackage {
  id: string
  kind: CourseKind
  publisher_id: string
  titles: Record<string, string>
  descriptions: Record<string, string>
  versions: string[]
  retired: boolean
}
export interface CourseDetails extends CoursePackage {
  edition: string
  uploaded: string
  uploaded_by: string
  warnings: Finding[]
  nodes: CourseNode[]
  activities: { id: string; title: Record<string, string> }[]
  bytes: number
}
export interface PackageReport {
  kind: CourseKind
  edition: string
  publisher_id: string
  titles: Record<string, string>
  activities: { id: string }[]
  files: number
  bytes: number
  warnings: Finding[]
}
export interface CourseActivity {
  id: string
  completed: boolean
  passed: boolean
  failed: boolean
  waived: boolean
}
export interface Registration {
  id: string
  learner: Actor
  version: string
  begun: string
  activities: CourseActivity[]
}
export interface Launch {
  url: string
  registration: string
  expires: string
}
export interface MyCourse {
  id: string
  kind: CourseKind
  titles: Record<string, string>
  descriptions: Record<string, string>
  begun: boolean
  activities: CourseActivity[]
}

// What the server says when it does not do something.
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly pointer: string,
    detail: string,
  ) {
    super(detail)
  }
}

let csrf = ''

// A statement as the specification has it; only what pages look at is named.
export type Names = Record<string, string>
export interface Actor {
  objectType?: string
  name?: string
  mbox?: string
  mbox_sha1sum?: string
  openid?: string
  account?: { homePage: string; name: string }
  member?: Actor[]
}
export interface Attachment {
  display?: Names
  contentType: string
  length: number
  sha2: string
  fileUrl?: string
}
interface Context {
  registration?: string
  statement?: { id: string }
  contextActivities?: Partial<Record<'grouping' | 'parent', { id: string; definition?: { name?: Names } }[]>>
}
export interface Statement {
  id: string
  actor: Actor
  verb: { id: string; display?: Names }
  object: Actor & { id?: string; definition?: { name?: Names } }
  result?: {
    score?: { scaled?: number; raw?: number }
    success?: boolean
    completion?: boolean
    response?: string
    duration?: string
  }
  context?: Context
  timestamp: string
  stored: string
  attachments?: Attachment[]
}

async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-Experience-API-Version': '2.0.0' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (csrf !== '' && method !== 'GET') headers['X-CSRF-Token'] = csrf
  const response = await fetch(path.startsWith('/xapi/') ? path : `/api/v1${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) {
    let problem: { code?: string; pointer?: string; detail?: string } = {}
    try {
      problem = JSON.parse(text)
    } catch {
      // a proxy's page
    }
    throw new Refusal(response.status, problem.code ?? '', problem.pointer ?? '', problem.detail ?? response.statusText)
  }
  return (text === '' ? undefined : JSON.parse(text)) as T
}

function remember(session: Session): Session {
  csrf = session.csrf
  return session
}

export const getSession = () => send<Session>('GET', '/session').then(remember)
export const signIn = (name: string, password: string) =>
  send<Session>('POST', '/session', { name, password }).then(remember)
export const signOut = () => send<void>('DELETE', '/session')
export const getInvitation = (token: string) =>
  send<{ role: Session['role']; name?: string }>('GET', `/invitations/${token}`)
export const acceptInvitation = (token: string, name: string, password: string) =>
  send<Session>('POST', `/invitations/${token}`, { name, password }).then(remember)
export const getKeys = () => send<{ items: Key[] }>('GET', '/keys')
export const makeKey = (name: string, scopes: string[]) =>
  send<{ key: string; secret: string }>('POST', '/keys', { name, scopes })
export const revokeKey = (key: string) => send<void>('DELETE', `/keys/${encodeURIComponent(key)}`)
export const getPeople = () => send<{ items: Person[] }>('GET', '/people')
export const removePerson = (name: string) => send<void>('DELETE', `/people/${encodeURIComponent(name)}`)
export const invite = (body: { role?: string; reset_of?: string }) =>
  send<{ path: string; expires: string }>('POST', '/invitations', body)
export const ask = (query: object) => send<Answer>('POST', '/analytics/query', query)

export const askFunnel = (query: object) => send<Answer>('POST', '/analytics/funnel', query)
export const askQuestions = (query: object) => send<Answer>('POST', '/analytics/questions', query)

// `query` is that of GET statements; a `more` link leads on.
export const getStatements = (query: string) =>
  send<{ statements: Statement[]; more?: string }>('GET', query.startsWith('/xapi/') ? query : `/xapi/statements?${query}`)
// Also one that was declared void, which is then said.
export async function getStatement(id: string): Promise<{ statement: Statement; voided: boolean }> {
  const get = (parameter: string) => send<Statement>('GET', `/xapi/statements?${parameter}=${encodeURIComponent(id)}`)
  try {
    return { statement: await get('statementId'), voided: false }
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error
    return get('voidedStatementId').then(
      (statement) => ({ statement, voided: true }),
      () => Promise.reject(error),
    )
  }
}
export const attachmentPath = (statement: Statement, attachment: Attachment) =>
  `/api/v1/statements/${encodeURIComponent(statement.id)}/attachments/${encodeURIComponent(attachment.sha2)}`
// Statements as they arrive, until the function that it gives is called.
export function listen(query: string, each: (statement: Statement) => void): () => void {
  const events = new EventSource(`/api/v1/statements/live?${query}`)
  events.onmessage = (event) => each(JSON.parse(event.data as string) as Statement)
  return () => events.close()
}

// A name in the reader's language, else in any.
export function nameOf(names: Names | undefined, language: string): string | undefined {
  if (!names) return undefined
  const own = Object.keys(names).find((tag) => tag.toLowerCase().startsWith(language))
  return names[own ?? Object.keys(names)[0] ?? '']
}
export const labelOf = (answer: Answer, key: string, language: string) => nameOf(answer.labels[key], language)

export const getOrganization = () => send<Organization>('GET', '/organization')
export const setOrganization = (settings: Organization) => send<Organization>('PUT', '/organization', settings)
export const getPersonas = () => send<{ items: Persona[] }>('GET', '/personas')
export const getProposals = () => send<{ items: Proposal[] }>('GET', '/personas/proposals')
export const joinPersona = (name: string, agents: Actor[]) => send<Persona>('POST', '/personas', { name, agents })
export const partPersona = (id: string) => send<void>('DELETE', `/personas/${encodeURIComponent(id)}`)

export const getExports = () => send<{ items: ExportJob[] }>('GET', '/exports')
export const beginExport = (body: object) => send<ExportJob>('POST', '/exports', body)
export const removeExport = (id: string) => send<void>('DELETE', `/exports/${encodeURIComponent(id)}`)
export const getRelays = () => send<{ items: Relay[] }>('GET', '/relays')
export const addRelay = (body: object) => send<Relay>('POST', '/relays', body)
export const removeRelay = (id: string) => send<void>('DELETE', `/relays/${encodeURIComponent(id)}`)
export const retryRelay = (id: string) => send<{ left: number }>('POST', `/relays/${encodeURIComponent(id)}/retry`)
export const getSchedules = () => send<{ items: ExportSchedule[] }>('GET', '/exports/schedules')
export const addSchedule = (body: object) => send<ExportSchedule>('POST', '/exports/schedules', body)
export const removeSchedule = (id: string) => send<void>('DELETE', `/exports/schedules/${encodeURIComponent(id)}`)
export const getErasures = () => send<{ items: Erasure[] }>('GET', '/erasures')
export const beginErasure = (body: object) => send<Erasure>('POST', '/erasures', body)
export const confirmErasure = (id: string) => send<Erasure>('POST', `/erasures/${encodeURIComponent(id)}/confirm`)
export const removeErasure = (id: string) => send<void>('DELETE', `/erasures/${encodeURIComponent(id)}`)
export const getAccesses = (query: string) => send<{ items: AccessEntry[]; next?: number }>('GET', `/accesses?${query}`)
export const getHolds = () => send<{ items: LegalHold[] }>('GET', '/holds')
export const addHold = (body: object) => send<LegalHold>('POST', '/holds', body)
export const removeHold = (id: string) => send<void>('DELETE', `/holds/${encodeURIComponent(id)}`)
export const getRules = () => send<{ items: RetentionRule[] }>('GET', '/retention')
export const addRule = (body: object) => send<RetentionRule>('POST', '/retention', body)
export const removeRule = (id: string) => send<void>('DELETE', `/retention/${encodeURIComponent(id)}`)
export const getPackages = () => send<{ items: CoursePackage[] }>('GET', '/courses')
export const getCourse = (id: string) => send<CourseDetails>('GET', `/courses/${encodeURIComponent(id)}`)
export const retireCourse = (id: string, retired: boolean) =>
  send<CoursePackage>('PATCH', `/courses/${encodeURIComponent(id)}`, { retired })
export const removeCourse = (id: string) => send<void>('DELETE', `/courses/${encodeURIComponent(id)}`)
// Everybody who began goes on with the newest version.
export const moveLearners = (id: string) => send<{ moved: number }>('POST', `/courses/${encodeURIComponent(id)}/move`, {})
export const getRegistrations = (id: string) =>
  send<{ items: Registration[] }>('GET', `/courses/${encodeURIComponent(id)}/registrations`)
export const addLaunch = (body: object) => send<Launch>('POST', '/launches', body)
export const getLaunch = (token: string) =>
  send<{ titles: Record<string, string>; kind: CourseKind }>('GET', `/launches/${encodeURIComponent(token)}`)
export const startLaunch = (token: string) => send<{ url: string }>('POST', `/launches/${encodeURIComponent(token)}/start`)
export const getMyCourses = () => send<{ items: MyCourse[] }>('GET', '/my/courses')
export const launchMine = (id: string) => send<Launch>('POST', `/my/courses/${encodeURIComponent(id)}/launch`)
// A package; `told` is called with how much of it was sent, from 0 to 1.
export function upload(file: File, course: string | undefined, told: (part: number) => void): Promise<PackageReport> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1/courses${course ? `?course=${encodeURIComponent(course)}` : ''}`)
    request.setRequestHeader('Content-Type', file.name.toLowerCase().endsWith('.xml') ? 'text/xml' : 'application/zip')
    if (csrf !== '') request.setRequestHeader('X-CSRF-Token', csrf)
    request.upload.onprogress = (event) => told(event.total > 0 ? event.loaded / event.total : 0)
    request.onload = () => {
      let answer: { code?: string; pointer?: string; detail?: string } = {}
      try {
        answer = JSON.parse(request.responseText)
      } catch {
        // a proxy's page
      }
      if (request.status === 201) done(answer as PackageReport)
      else failed(new Refusal(request.status, answer.code ?? '', answer.pointer ?? '', answer.detail ?? request.statusText))
    }
    request.onerror = () => failed(new Refusal(0, '', '', 'The connection was lost.'))
    request.send(file)
  })
}
// For everybody: a line for each key of the log.
export const getLogKey = async () => {
  const response = await fetch('/api/v1/log/key')
  if (!response.ok) throw new Refusal(response.status, '', '', response.statusText)
  return response.text()
}
