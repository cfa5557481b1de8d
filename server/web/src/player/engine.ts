// The run-time that content finds as `API` or `API_1484_11`: scorm-again, with our commits behind it.
//
// What scorm-again 3.4 does not do as this player needs it, and what is done about it here:
// - A commit sends the whole data model: only what changed since the last commit is handed on.
// - reset() between two SCOs keeps total_time of the one before: it is set anew for each.
// - It sends the last commit as a beacon, which browsers refuse beyond some 64 KB: changes are handed on a second after
//   they were made, so that little is left for the end, and the rest is kept in the browser.
// - Content that leaves without Terminate() would begin a new attempt the next time: it is suspended instead.
import { Scorm12API, Scorm2004API } from 'scorm-again'
import { difference, flatten } from './model'
import { launchables, type Commit, type Committer, type CourseNode, type Model, type Run, type Status } from './run'

export type Navigation = { next: boolean; previous: boolean; may: (id: string) => boolean; hidden: Set<string> }

export type Shown = {
  deliver: (node: CourseNode) => void
  navigation: (navigation: Navigation) => void
  status: (id: string, status: Status) => void
  ended: () => void
}

export interface Engine {
  start(): void
  next(): void
  previous(): void
  choose(id: string): void
  // The content's page has gone: whatever it left open is closed.
  unloaded(): void
  // Ends the session so that it can be gone on with, while the content is there still.
  suspend(): void
  // Ends it for good, after the content has gone.
  finish(): void
  // Everything that was set so far is on its way.
  flush(): void
}

type Settings = NonNullable<ConstructorParameters<typeof Scorm2004API>[0]>

// Does nothing by itself: commits go the player's own way.
const silent = {
  updateSettings() {},
  processHttpRequest: () => ({ result: 'true', errorCode: 0 }),
}

const common: Settings = {
  autocommit: false,
  lmsCommitUrl: '-/run',
  logLevel: 5,
  mastery_override: true,
  selfReportSessionTime: true,
}

// What both kinds have in common: the SCO that runs, and what of it was handed on.
abstract class Base {
  protected node: CourseNode | null = null
  private known: Model = {}
  private timer = 0

  constructor(
    protected readonly run: Run,
    private readonly committer: Committer,
    protected readonly shown: Shown,
  ) {}

  protected abstract model(): Model
  protected abstract status(model: Model): Status
  protected abstract more(): Pick<Commit, 'sequencing' | 'course'>

  protected begin(node: CourseNode) {
    this.node = node
    this.known = { ...(this.run.scos[node.id]?.cmi ?? {}) }
  }

  protected commit(more: Pick<Commit, 'initialized' | 'terminated'> = {}) {
    clearTimeout(this.timer)
    this.timer = 0
    this.committer.expecting = false
    const node = this.node
    if (!node) return
    const model = this.model()
    const changed = difference(this.known, model)
    const told = more.initialized || more.terminated
    if (!told && Object.keys(changed.changes).length === 0 && changed.removed.length === 0) return
    this.known = model
    const sco = this.run.scos[node.id]
    if (sco) {
      sco.cmi = model
      sco.status = this.status(model)
    }
    this.committer.add({ sco: node.id, ...more, ...changed, ...this.more() })
    this.shown.status(node.id, this.status(model))
    this.told()
  }

  // A status may have opened what waits for it.
  protected told() {}

  protected soon = () => {
    this.committer.expecting = true
    this.timer ||= window.setTimeout(() => this.commit(), 1000)
  }

  flush() {
    if (this.timer) this.commit()
  }

  // A page that is no SCO was seen.
  protected seen(node: CourseNode, element: string) {
    this.node = node
    this.known = {}
    const status = { completed: true }
    this.committer.add({ sco: node.id, initialized: true, terminated: true, changes: { [element]: 'completed' }, removed: [] })
    const sco = this.run.scos[node.id]
    if (sco) sco.status = status
    this.shown.status(node.id, status)
    this.node = null
  }
}

export class Scorm12 extends Base implements Engine {
  private readonly nodes = launchables(this.run.nodes)
  private at = -1
  private api = this.make()

  start() {
    const wanted = this.run.node || this.run.current
    const index = this.nodes.findIndex((node) => node.id === wanted)
    this.deliver(Math.max(index, 0))
  }

  next() {
    if (this.at + 1 < this.nodes.length) this.deliver(this.at + 1)
  }

  previous() {
    if (this.at > 0) this.deliver(this.at - 1)
  }

  choose(id: string) {
    const index = this.nodes.findIndex((node) => node.id === id)
    if (index >= 0 && this.may(id)) this.deliver(index)
  }

  unloaded() {
    if (!this.api.isInitialized()) return
    this.api.LMSSetValue('cmi.core.exit', 'suspend')
    this.api.LMSFinish('')
  }

  suspend() {
    this.shown.ended()
  }

  finish() {
    this.shown.ended()
  }

  protected told() {
    const next = this.nodes[this.at + 1]
    this.shown.navigation({
      next: next !== undefined && this.may(next.id),
      previous: this.at > 0,
      may: (id) => this.may(id),
      hidden: new Set(),
    })
  }

  private may(id: string) {
    const node = this.nodes.find((one) => one.id === id)
    return !node?.prerequisites || isMet(node.prerequisites, (other) => this.run.scos[other]?.status)
  }

  private deliver(index: number) {
    const node = this.nodes[index]
    if (!node) return
    this.at = index
    this.begin(node)
    this.api = this.make()
    window.API = this.api
    this.shown.deliver(node)
    this.told()
    if (!node.sco) this.seen(node, 'cmi.core.lesson_status')
  }

  private make() {
    const api = new Scorm12API(common, silent)
    const node = this.node
    if (!node) return api
    const sco = this.run.scos[node.id]
    const review = this.run.mode !== 'Normal'
    api.loadFromFlattenedJSON({
      ...(sco?.cmi ?? {}),
      'cmi.core.student_id': this.run.learner.id,
      'cmi.core.student_name': this.run.learner.name,
      'cmi.core.entry': sco?.entry ?? 'ab-initio',
      'cmi.core.credit': review ? 'no-credit' : 'credit',
      'cmi.core.lesson_mode': this.run.mode.toLowerCase(),
      'cmi.launch_data': node.launch_data ?? '',
      ...(node.mastery_score === undefined ? {} : { 'cmi.student_data.mastery_score': String(node.mastery_score * 100) }),
      'cmi.student_data.max_time_allowed': node.max_time_allowed ?? '',
      'cmi.student_data.time_limit_action': node.time_limit_action ?? '',
    })
    api.on('LMSInitialize', () => this.commit({ initialized: true }))
    api.on('LMSSetValue.cmi.*', this.soon)
    api.on('LMSCommit', () => this.commit())
    api.on('LMSFinish', () => {
      this.commit({ terminated: true })
      const sco = this.run.scos[node.id]
      if (sco) sco.entry = sco.cmi['cmi.core.exit'] === 'suspend' ? 'resume' : ''
    })
    return api
  }

  protected model() {
    const model = flatten(this.api.renderCommitCMI(this.api.isTerminated()))
    return model
  }

  protected status(model: Model): Status {
    const status = model['cmi.core.lesson_status']
    const judged = status === 'passed' || status === 'failed'
    return { completed: judged || status === 'completed', ...(judged ? { success: status === 'passed' } : {}) }
  }

  protected more() {
    return {}
  }
}

export class Scorm2004 extends Base implements Engine {
  private readonly nodes = launchables(this.run.nodes)
  private readonly root = 'leerspoor-course'
  private readonly api: Scorm2004API
  private ended = false
  private suspending = false

  constructor(run: Run, committer: Committer, shown: Shown) {
    super(run, committer, shown)
    const activity = (node: CourseNode): Record<string, unknown> => ({
      id: node.id,
      title: Object.values(node.title)[0] ?? node.id,
      isVisible: node.visible,
      ...node.sequencing,
      ...(node.children ? { children: node.children.map(activity) } : {}),
    })
    const tree = {
      id: this.root,
      title: Object.values(run.titles)[0] ?? '',
      // An organization that says nothing of it can be walked through and chosen from.
      sequencingControls: { choice: true, flow: true },
      ...run.sequencing,
      children: run.nodes.map(activity),
    }
    this.api = new Scorm2004API(
      {
        ...common,
        sequencing: {
          activityTree: tree as never,
          eventListeners: {
            onActivityDelivery: (delivered) => this.delivered(delivered.id),
            onSequencingSessionEnd: () => this.end(),
            onNavigationValidityUpdate: (now) =>
              shown.navigation({
                next: now.continue,
                previous: now.previous,
                may: (id) => now.choice[id] === 'true',
                hidden: new Set(now.hideLmsUi),
              }),
          },
        },
      } as Settings,
      silent as never,
    )
    window.API_1484_11 = this.api
    this.api.on('Initialize', () => this.commit({ initialized: true }))
    this.api.on('SetValue.cmi.*', this.soon)
    this.api.on('Commit', () => this.commit())
  }

  start() {
    const resumes = this.run.state !== '' && this.api.deserializeSequencingState(this.run.state)
    const started =
      (resumes && this.api.processNavigationRequest('resumeAll')) ||
      this.api.processNavigationRequest('start') ||
      // Flow is off at the top: the learner chooses, and begins with the first.
      this.api.processNavigationRequest('choice', this.run.current || this.nodes[0]?.id)
    if (!started) this.end()
    else if (this.run.node && this.run.node !== this.node?.id) this.choose(this.run.node)
  }

  next() {
    this.navigate('continue')
  }

  previous() {
    this.navigate('previous')
  }

  choose(id: string) {
    this.navigate('choice', id)
  }

  unloaded() {
    if (!this.api.isInitialized()) return
    this.api.SetValue('cmi.exit', 'suspend')
    this.api.Terminate('')
  }

  // While the activity runs: with Terminate() the engine would take it for left.
  suspend() {
    this.suspending = true
    this.navigate('suspendAll')
    this.end()
  }

  finish() {
    this.navigate('exitAll')
    this.end()
  }

  private navigate(request: string, target?: string) {
    this.api.processNavigationRequest(request, target)
  }

  private end() {
    if (this.ended) return
    this.ended = true
    this.shown.ended()
  }

  private delivered(id: string) {
    const node = this.nodes.find((one) => one.id === id)
    if (!node) return
    // The SCO before may not have said that it is over.
    if (this.node && this.node.id !== id) this.unloaded()
    this.begin(node)
    this.api.reset()
    this.api.on('Initialize', () => this.commit({ initialized: true }))
    this.api.on('SetValue.cmi.*', this.soon)
    this.api.on('Commit', () => this.commit())
    this.api.on('Terminate', () => this.terminated())
    const sco = this.run.scos[id]
    const review = this.run.mode !== 'Normal'
    this.api.loadFromFlattenedJSON({
      'cmi.total_time': 'PT0S',
      ...(sco?.cmi ?? {}),
      'cmi.learner_id': this.run.learner.id,
      'cmi.learner_name': this.run.learner.name,
      'cmi.entry': sco?.entry ?? 'ab-initio',
      'cmi.credit': review ? 'no-credit' : 'credit',
      'cmi.mode': this.run.mode.toLowerCase(),
      'cmi.launch_data': node.launch_data ?? '',
      'cmi.max_time_allowed': node.max_time_allowed ?? '',
      'cmi.time_limit_action': node.time_limit_action ?? 'continue,no message',
      ...(node.completion_threshold === undefined ? {} : { 'cmi.completion_threshold': String(node.completion_threshold) }),
      ...passing(node),
    })
    this.shown.deliver(node)
    if (!node.sco) this.seen(node, 'cmi.completion_status')
  }

  private terminated() {
    const node = this.node
    this.commit({ terminated: true })
    const sco = node && this.run.scos[node.id]
    if (sco) {
      const suspended = sco.cmi['cmi.exit'] === 'suspend'
      sco.entry = suspended ? 'resume' : 'ab-initio'
      if (!suspended) sco.cmi = {}
    }
  }

  // Who suspends everything suspends the SCO, whatever its content says of its exit (RTE 4.2.8).
  protected model() {
    const model = flatten(this.api.renderCommitCMI(this.api.isTerminated()))
    return this.suspending ? { ...model, 'cmi.exit': 'suspend' } : model
  }

  protected status(model: Model): Status {
    const success = model['cmi.success_status']
    const scaled = Number(model['cmi.score.scaled'])
    return {
      completed: model['cmi.completion_status'] === 'completed',
      ...(success === 'passed' || success === 'failed' ? { success: success === 'passed' } : {}),
      ...(model['cmi.score.scaled'] && scaled >= -1 && scaled <= 1 ? { scaled } : {}),
    }
  }

  // The course as the roll-up of the sequencing engine has it.
  protected more() {
    const course = this.api.getActivityTrackingData(this.root)
    const success = course?.successStatus
    return {
      sequencing: this.api.serializeSequencingState(),
      ...(course
        ? {
            course: {
              completed: course.completionStatus === 'completed',
              ...(success === 'passed' || success === 'failed' ? { success: success === 'passed' } : {}),
              ...(typeof course.score === 'number' ? { scaled: course.score } : {}),
            },
          }
        : {}),
    }
  }
}

// cmi.scaled_passing_score, from the primary objective (SCORM 2004 RTE 4.2.20).
function passing(node: CourseNode): Model {
  const primary = node.sequencing?.primaryObjective as { satisfiedByMeasure?: boolean; minNormalizedMeasure?: number } | undefined
  if (!primary?.satisfiedByMeasure) return {}
  return { 'cmi.scaled_passing_score': String(primary.minNormalizedMeasure ?? 1) }
}

// AICC's scripts of prerequisites, as SCORM 1.2 has them (CAM 2.3.2.5.1): A & B, A | B, ~A, A="passed", (…).
export function isMet(script: string, status: (id: string) => Status | undefined): boolean {
  const tokens = script.match(/[&|~()]|<>|=|"[^"]*"|[^\s&|~()=<>"]+/g) ?? []
  let at = 0
  const named = (id: string, wanted?: string) => {
    const known = status(id)
    const word = known?.success === true ? 'passed' : known?.success === false ? 'failed' : known?.completed ? 'completed' : 'incomplete'
    return wanted === undefined ? word === 'passed' || word === 'completed' : word.startsWith(wanted.toLowerCase())
  }
  const one = (): boolean => {
    const token = tokens[at++]
    if (token === '~') return !one()
    if (token === '(') {
      const inside = either()
      at++
      return inside
    }
    if (token === undefined) return true
    if (tokens[at] === '=' || tokens[at] === '<>') {
      const same = tokens[at++] === '='
      return named(token, (tokens[at++] ?? '').replaceAll('"', '')) === same
    }
    return named(token)
  }
  const both = (): boolean => {
    let value = one()
    while (tokens[at] === '&') {
      at++
      const right = one()
      value = value && right
    }
    return value
  }
  const either = (): boolean => {
    let value = both()
    while (tokens[at] === '|') {
      at++
      const right = both()
      value = value || right
    }
    return value
  }
  return either()
}

declare global {
  interface Window {
    API?: unknown
    API_1484_11?: unknown
  }
}
