// The server's side of a session, as the player sees it: what it starts with, and where commits go.

export type Texts = Record<string, string>
export type Model = Record<string, string>
export type Status = { completed: boolean; success?: boolean; scaled?: number }

export type CourseNode = {
  id: string
  title: Texts
  visible: boolean
  href?: string
  sco?: boolean
  prerequisites?: string
  launch_data?: string
  max_time_allowed?: string
  time_limit_action?: string
  mastery_score?: number
  completion_threshold?: number
  sequencing?: Record<string, unknown>
  children?: CourseNode[]
}

export type Sco = { entry: string; cmi: Model; revision: number; status: Status }

export type Run = {
  kind: 'scorm_1_2' | 'scorm_2004'
  registration: string
  titles: Texts
  mode: 'Normal' | 'Browse' | 'Review'
  node: string
  return_url: string
  learner: { id: string; name: string }
  nodes: CourseNode[]
  sequencing: Record<string, unknown>
  scos: Record<string, Sco>
  state: string
  current: string
  elsewhere: boolean
}

export type Commit = {
  sco: string
  number: number
  at: string
  initialized?: boolean
  terminated?: boolean
  changes: Model
  removed: string[]
  sequencing?: string
  course?: Status
}

// How saving goes: all is there, some is on its way, the server cannot be reached, or it takes no more.
export type Saving = 'saved' | 'saving' | 'offline' | 'elsewhere' | 'over' | 'refused'

const address = new URL('-/run', location.href).href
// What browsers let go while a page is going away.
const mostWhileLeaving = 60_000

export async function open(): Promise<Run | Saving> {
  const response = await fetch(address, { cache: 'no-store' })
  if (response.ok) return (await response.json()) as Run
  return response.status === 401 ? 'over' : 'offline'
}

export function launchables(nodes: CourseNode[]): CourseNode[] {
  return nodes.flatMap((node) => [...(node.href ? [node] : []), ...launchables(node.children ?? [])])
}

// Sends commits one after the other, in order, until each has arrived. What has not arrived is kept in the browser as
// well, and goes first when the course is opened the next time.
export class Committer {
  private waiting: Commit[] = []
  private sending = false
  private number = 0
  private stopped = false
  private isExpecting = false
  private readonly key: string

  constructor(
    private readonly run: Run,
    private readonly told: (saving: Saving) => void,
  ) {
    this.key = `leerspoor ${run.registration}`
    addEventListener('online', () => void this.send())
  }

  // Something was set that is not in a commit yet.
  set expecting(expecting: boolean) {
    this.isExpecting = expecting
    if (expecting && !this.stopped) this.told('saving')
    else if (!this.sending && this.isEmpty && !this.stopped) this.told('saved')
  }

  get isEmpty() {
    return this.waiting.length === 0
  }

  add(commit: Omit<Commit, 'number' | 'at'>) {
    if (this.stopped) return
    this.waiting.push({ ...commit, number: ++this.number, at: new Date().toISOString() })
    this.keep()
    void this.send()
  }

  // What an earlier session could not send, when nobody has gone on since.
  takeUp() {
    const kept = localStorage.getItem(this.key)
    localStorage.removeItem(this.key)
    if (!kept) return
    const { revisions, commits } = JSON.parse(kept) as { revisions: Record<string, number>; commits: Commit[] }
    for (const commit of commits) {
      const sco = this.run.scos[commit.sco]
      if (!sco || sco.revision !== revisions[commit.sco]) continue
      this.waiting.push({ ...commit, number: ++this.number })
      for (const name of commit.removed) delete sco.cmi[name]
      Object.assign(sco.cmi, commit.changes)
    }
    if (!this.isEmpty) this.keep()
    void this.send()
  }

  // The page goes away: what waits is handed to the browser, as far as it takes it.
  leave() {
    let bytes = 0
    for (const commit of this.waiting) {
      const body = JSON.stringify(commit)
      bytes += body.length
      if (bytes > mostWhileLeaving || !navigator.sendBeacon(address, body)) return
    }
  }

  async settled(patience: number) {
    const end = Date.now() + patience
    while (!this.isEmpty && !this.stopped && Date.now() < end) await new Promise((wake) => setTimeout(wake, 50))
    return this.isEmpty
  }

  private keep() {
    try {
      if (this.isEmpty) localStorage.removeItem(this.key)
      else {
        const revisions = Object.fromEntries(Object.entries(this.run.scos).map(([id, sco]) => [id, sco.revision]))
        localStorage.setItem(this.key, JSON.stringify({ revisions, commits: this.waiting }))
      }
    } catch {
      // A full or forbidden storage: what waits is in memory still.
    }
  }

  private async send() {
    if (this.sending) return
    this.sending = true
    let pause = 500
    for (let commit = this.waiting[0]; commit && !this.stopped; commit = this.waiting[0]) {
      this.told('saving')
      const outcome = await this.sendOne(commit)
      if (outcome === 'offline') {
        this.told('offline')
        await new Promise((wake) => setTimeout(wake, pause))
        pause = Math.min(pause * 2, 10_000)
        continue
      }
      pause = 500
      if (outcome === 'elsewhere' || outcome === 'over') {
        this.stopped = true
        this.sending = false
        return this.told(outcome)
      }
      this.waiting.shift()
      this.keep()
      if (outcome === 'refused') this.told('refused')
    }
    this.sending = false
    if (!this.stopped && !this.isExpecting) this.told('saved')
  }

  private async sendOne(commit: Commit): Promise<Saving> {
    try {
      const body = JSON.stringify(commit)
      const response = await fetch(address, { method: 'POST', body, keepalive: body.length < mostWhileLeaving })
      if (response.ok) {
        const sco = this.run.scos[commit.sco]
        if (sco) sco.revision = ((await response.json()) as { revision: number }).revision
        return 'saved'
      }
      if (response.status === 401) return 'over'
      if (response.status === 409) return 'elsewhere'
      return response.status >= 500 || response.status === 429 ? 'offline' : 'refused'
    } catch {
      return 'offline'
    }
  }
}
