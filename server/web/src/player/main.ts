// The page around a SCORM course: contents, forth and back, stop and go on later. It lives on the content's own origin,
// because content looks for the run-time in the windows around it.
import '../ui/tokens.css'
import { Scorm12, Scorm2004, type Engine, type Navigation } from './engine'
import './player.css'
import { Committer, open, type CourseNode, type Run, type Saving, type Status } from './run'
import { language, textOf, words } from './words'

document.documentElement.lang = language

type Attributes = Record<string, string | boolean | (() => void)>

function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...inside: (Node | string)[]) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value)
    else if (typeof value === 'boolean') made.toggleAttribute(name, value)
    else made.setAttribute(name, value)
  }
  made.append(...inside)
  return made
}

const place = document.getElementById('player')!

function message(text: string, button?: { text: string; press: () => void }) {
  place.replaceChildren(
    element('main', { class: 'message' }, element('p', { role: 'status' }, text),
      ...(button ? [element('button', { class: 'primary', click: button.press }, button.text)] : [])))
}

class Player {
  private engine!: Engine
  private readonly committer: Committer
  private node: CourseNode | null = null
  private navigation: Navigation = { next: false, previous: false, may: () => false, hidden: new Set() }
  private ended = false

  private readonly frame = element('iframe', { title: textOf(this.run.titles), allow: 'fullscreen; autoplay; microphone; camera; xr-spatial-tracking', src: 'about:blank' })
  private readonly state = element('p', { class: 'state', role: 'status', 'aria-live': 'polite' })
  private readonly menu = element('button', { class: 'menu', 'aria-expanded': 'false', 'aria-controls': 'contents', click: () => this.toggle() }, words.contents)
  private readonly back = element('button', { click: () => this.away(() => this.engine.previous()) }, words.previous)
  private readonly forth = element('button', { class: 'primary', click: () => this.away(() => this.engine.next()) }, words.next)
  private readonly pause = element('button', { click: () => this.stop() }, words.pause)
  private readonly finish = element('button', { click: () => this.away(() => this.engine.finish()) }, words.exit)
  private readonly items = new Map<string, HTMLButtonElement>()
  private readonly contents = element('nav', { id: 'contents', 'aria-label': words.contents }, this.list(this.run.nodes))

  constructor(private readonly run: Run) {
    this.committer = new Committer(run, (saving) => this.saving(saving))
  }

  begin() {
    const title = textOf(this.run.titles)
    document.title = title
    this.committer.takeUp()
    const one = this.items.size <= 1
    place.replaceChildren(
      element('header', {},
        ...(one ? [] : [this.menu]), element('h1', {}, title), this.state,
        element('div', { class: 'buttons' },
          ...(one ? [] : [this.back, this.forth]),
          ...(document.fullscreenEnabled ? [element('button', { click: () => void this.frame.requestFullscreen() }, words.fullscreen)] : []),
          this.pause, ...(this.run.kind === 'scorm_2004' && !one ? [this.finish] : []))),
      element('div', { class: 'course' }, ...(one ? [] : [this.contents]), element('main', {}, this.frame)))
    const Kind = this.run.kind === 'scorm_2004' ? Scorm2004 : Scorm12
    this.engine = new Kind(this.run, this.committer, {
      deliver: (node) => this.deliver(node),
      navigation: (navigation) => this.allow(navigation),
      status: (id, status) => this.mark(id, status),
      ended: () => void this.end(),
    })
    for (const [id, sco] of Object.entries(this.run.scos)) this.mark(id, sco.status)
    addEventListener('pagehide', () => {
      this.engine.flush()
      this.committer.leave()
    })
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.engine.flush()
    })
    this.engine.start()
  }

  private list(nodes: CourseNode[]): HTMLElement {
    const list = element('ol')
    for (const node of nodes) {
      if (!node.visible && !node.href) continue
      const text = textOf(node.title)
      const item = element('li', {})
      if (node.href) {
        const button = element('button', { hidden: !node.visible, click: () => this.away(() => this.engine.choose(node.id)) }, element('span', {}, text), element('small', {}))
        this.items.set(node.id, button)
        item.append(button)
      } else item.append(element('span', { class: 'group' }, text))
      if (node.children) item.append(this.list(node.children))
      list.append(item)
    }
    return list
  }

  // The content's page is taken away first, so that it can say that it is over.
  private away(then: () => void) {
    this.frame.addEventListener('load', () => {
      this.engine.unloaded()
      then()
    }, { once: true })
    this.frame.src = 'about:blank'
    this.toggle(false)
  }

  private deliver(node: CourseNode) {
    this.node = node
    // After what the content that went away still has to do.
    setTimeout(() => {
      this.frame.src = new URL(node.href ?? '', location.href).href
      this.frame.title = textOf(node.title)
    })
    this.show()
  }

  private allow(navigation: Navigation) {
    this.navigation = navigation
    this.show()
  }

  private show() {
    const { next, previous, may, hidden } = this.navigation
    this.back.disabled = !previous
    this.forth.disabled = !next
    this.back.hidden = hidden.has('previous')
    this.forth.hidden = hidden.has('continue')
    this.pause.hidden = hidden.has('suspendAll')
    this.finish.hidden = hidden.has('exitAll')
    for (const [id, button] of this.items) {
      const here = id === this.node?.id
      button.disabled = !here && !may(id)
      if (here) button.setAttribute('aria-current', 'page')
      else button.removeAttribute('aria-current')
    }
  }

  private mark(id: string, status: Status) {
    const mark = this.items.get(id)?.querySelector('small')
    if (!mark) return
    mark.textContent = status.success === true ? words.passed : status.success === false ? words.failed : status.completed ? words.completed : ''
  }

  private toggle(open = this.menu.getAttribute('aria-expanded') !== 'true') {
    this.menu.setAttribute('aria-expanded', String(open))
    this.contents.classList.toggle('open', open)
  }

  private saving(saving: Saving) {
    this.state.textContent = words[saving]
    this.state.dataset.saving = saving
    if (saving !== 'elsewhere' && saving !== 'over') return
    this.ended = true
    message(words[saving], saving === 'elsewhere' ? { text: words.go_on_here, press: () => location.reload() } : undefined)
  }


  // A course that is done has nothing to go on with.
  private stop() {
    const done = Object.values(this.run.scos).every(({ status }) => status.completed && status.success !== false)
    if (done) this.away(() => this.engine.finish())
    else this.engine.suspend()
  }

  private async end() {
    if (this.ended) return
    this.ended = true
    // The content may still say that it is over.
    const gone = new Promise((done) => this.frame.addEventListener('load', done, { once: true }))
    this.frame.src = 'about:blank'
    await gone
    this.engine.unloaded()
    if (!(await this.committer.settled(5000))) message(words.not_saved)
    while (!(await this.committer.settled(60_000)));
    if (this.run.return_url) location.replace(this.run.return_url)
    else message(words.done, { text: words.again, press: () => location.reload() })
  }
}

async function begin() {
  message(words.loading)
  const run = await open().catch((): Saving => 'offline')
  if (run === 'over') return message(words.over)
  if (typeof run === 'string') return message(words.unreachable, { text: words.retry, press: () => void begin() })
  const player = new Player(run)
  if (run.elsewhere) message(words.open_elsewhere, { text: words.go_on_here, press: () => player.begin() })
  else player.begin()
}

void begin()
