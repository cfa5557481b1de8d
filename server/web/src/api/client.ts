// The API of this server, as it is described under /api/v1.

export interface Session {
  person: string
  role: 'administrator' | 'analyst' | 'auditor' | 'trainer' | 'learner'
  csrf: string
}

export interface Column {
  name: string
  kind: string
}

export type Value = string | number | boolean | null | { others: true }

export interface Answer {
  columns: Column[]
  rows: Value[][]
  totals?: Value[]
  labels: Record<string, Record<string, string>>
  sequence: number
  as_of: string
  took_seconds: number
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

async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (csrf !== '' && method !== 'GET') headers['X-CSRF-Token'] = csrf
  const response = await fetch(`/api/v1${path}`, {
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
export const ask = (query: object) => send<Answer>('POST', '/analytics/query', query)
