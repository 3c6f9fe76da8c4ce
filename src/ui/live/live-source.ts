import type { NewsKind } from '#src/core/live/news-digest.ts'
import { readNews, type ToldRun } from '#src/core/live/read-news.ts'
import { LIVE_RUNS_MAX, writeRunRanges } from '#src/core/live/run-ranges.ts'
import { openSharedStream } from './shared-stream.ts'
import type { NewsSource } from './stream-sharer.ts'

export interface LivePlace {
  workspace: string
  project: string
}

/** Run numbers, or all of the project. */
export type WantedRuns = readonly number[] | 'all'

/** One part of the page. */
export interface LiveReader {
  place: LivePlace
  runs: WantedRuns
  take(told: readonly ToldRun[]): void
  /**
   * `missed`: there was a time without news, and everything is to be asked for again. `opened`: news begins now; what happened between
   * the page's first answers and this moment, a fraction of a second, was told to nobody.
   */
  gap(why: 'opened' | 'missed'): void
}

/**
 * `idle`: nobody wants news. `opening`: for the first time, or for other runs. `open`. `down`: it was lost or refused, and is tried
 * again.
 */
export type StreamState = 'idle' | 'opening' | 'open' | 'down'

/** Parts of a page come and go together: they are waited for before the stream is opened for other runs. */
const SETTLE_MS = 150
/** A tab that nobody has looked at for this long needs no stream. */
const HIDDEN_MS = 30_000
const BACK_OFF_MS = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000] as const

/** What the source needs of a browser. */
export interface Surroundings {
  open(url: string): NewsSource
  isHidden(): boolean
  onVisibility(changed: () => void): void
}

const BROWSER: Surroundings = {
  open: openSharedStream,
  isHidden: () => document.visibilityState === 'hidden',
  onVisibility: (changed) => document.addEventListener('visibilitychange', changed),
}

/** The event stream of a tab, for all parts of its page together. */
export class LiveSource {
  readonly #around: Surroundings
  readonly #readers = new Set<LiveReader>()
  readonly #watchers = new Set<() => void>()
  #state: StreamState = 'idle'
  #stream: NewsSource | null = null
  /** What the stream was opened for. */
  #opened: { place: LivePlace; runs: ReadonlySet<number> | 'all' } | null = null
  #settling: ReturnType<typeof setTimeout> | null = null
  #retrying: ReturnType<typeof setTimeout> | null = null
  #hiding: ReturnType<typeof setTimeout> | null = null
  #tries = 0
  #isPaused = false
  #hasMissed = false
  #isWatchingTab = false

  constructor(around: Surroundings = BROWSER) {
    this.#around = around
  }

  get state(): StreamState {
    return this.#state
  }

  /** Called with each change of `state`; the answer ends it. */
  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed)
    return () => this.#watchers.delete(changed)
  }

  /** Tells a reader of its runs from now on; the answer ends it. */
  read(reader: LiveReader): () => void {
    if (!this.#isWatchingTab) {
      this.#isWatchingTab = true
      this.#around.onVisibility(() => this.#lookAtTab())
      // A tab that is opened behind another listens once it is looked at.
      this.#isPaused = this.#hasMissed = this.#around.isHidden()
    }
    this.#readers.add(reader)
    this.#settle()
    return () => {
      this.#readers.delete(reader)
      this.#settle()
    }
  }

  #settle(): void {
    this.#settling ??= setTimeout(() => {
      this.#settling = null
      this.#fit()
    }, SETTLE_MS)
  }

  /** Opens the stream that the readers need, unless the one that is there covers it. */
  #fit(): void {
    const wanted = this.#wanted()
    if (!wanted || this.#isPaused) {
      this.#close()
      if (this.#retrying) clearTimeout(this.#retrying)
      this.#retrying = null
      this.#become('idle')
      return
    }
    if ((this.#stream || this.#retrying) && this.#opened && covers(this.#opened, wanted)) return
    this.#open(wanted)
  }

  /** A tab shows one project at a time; of several, which happens while pages change, the newest counts. */
  #wanted(): { place: LivePlace; runs: ReadonlySet<number> | 'all' } | null {
    const place = [...this.#readers].at(-1)?.place
    if (!place) return null
    const runs = new Set<number>()
    for (const reader of this.#readers) {
      if (!isSame(reader.place, place)) continue
      if (reader.runs === 'all') return { place, runs: 'all' }
      for (const run of reader.runs) runs.add(run)
    }
    return { place, runs: runs.size > LIVE_RUNS_MAX ? 'all' : runs }
  }

  #open(wanted: { place: LivePlace; runs: ReadonlySet<number> | 'all' }): void {
    this.#close()
    if (this.#retrying) clearTimeout(this.#retrying)
    this.#retrying = null
    if (wanted.runs !== 'all' && wanted.runs.size === 0) {
      this.#become('idle')
      return
    }
    const query = new URLSearchParams({ ...wanted.place })
    if (wanted.runs !== 'all') query.set('runs', writeRunRanges(wanted.runs))
    const stream = this.#around.open(`/api/screen/live?${query}`)
    this.#stream = stream
    this.#opened = wanted
    if (this.#state !== 'down') this.#become('opening')
    const ifCurrent = (work: () => void) => () => {
      if (this.#stream === stream) work()
    }
    stream.addEventListener(
      'open',
      ifCurrent(() => {
        this.#tries = 0
        this.#become('open')
        const why = this.#hasMissed ? 'missed' : 'opened'
        this.#hasMissed = false
        this.#tellGap(why)
      }),
    )
    stream.addEventListener('news', (event) => {
      if (this.#stream === stream) this.#take(dataOf(event))
    })
    stream.addEventListener(
      'gap',
      ifCurrent(() => this.#tellGap('missed')),
    )
    // The browser's own reconnecting gives up where a server that starts answers 503.
    for (const name of ['error', 'bye', 'end'])
      stream.addEventListener(
        name,
        ifCurrent(() => this.#lose()),
      )
  }

  #take(data: unknown): void {
    const message = readNews(data)
    if (!message || !this.#opened) return
    const { place } = this.#opened
    const byRun = new Map(message.runs.map((told) => [told.run, told]))
    for (const reader of this.#readers) {
      if (!isSame(reader.place, place)) continue
      if (message.more) reader.gap('missed')
      const told = reader.runs === 'all' ? message.runs : reader.runs.flatMap((run) => byRun.get(run) ?? [])
      if (told.length > 0) reader.take(told)
    }
  }

  #tellGap(why: 'opened' | 'missed'): void {
    for (const reader of this.#readers) reader.gap(why)
  }

  #lose(): void {
    this.#close()
    this.#hasMissed = true
    this.#become('down')
    const wait = BACK_OFF_MS[Math.min(this.#tries, BACK_OFF_MS.length - 1)] ?? 30_000
    this.#tries++
    this.#retrying ??= setTimeout(() => {
      this.#retrying = null
      this.#fit()
    }, wait)
  }

  #close(): void {
    this.#stream?.close()
    this.#stream = null
  }

  #lookAtTab(): void {
    if (this.#around.isHidden()) {
      this.#hiding ??= setTimeout(() => {
        this.#hiding = null
        this.#isPaused = true
        this.#hasMissed = true
        this.#fit()
      }, HIDDEN_MS)
      return
    }
    if (this.#hiding) clearTimeout(this.#hiding)
    this.#hiding = null
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#fit()
  }

  #become(state: StreamState): void {
    if (state === this.#state) return
    this.#state = state
    for (const changed of this.#watchers) changed()
  }
}

/** The tab's own. */
export const liveSource = new LiveSource()

/** True when one of these is among what a run was told to have done. */
export const hasKind = (told: ToldRun, kinds: readonly NewsKind[]): boolean =>
  told.what.some((kind) => kinds.includes(kind))

const isSame = (a: LivePlace, b: LivePlace): boolean => a.workspace === b.workspace && a.project === b.project

function covers(
  opened: { place: LivePlace; runs: ReadonlySet<number> | 'all' },
  wanted: { place: LivePlace; runs: ReadonlySet<number> | 'all' },
): boolean {
  if (!isSame(opened.place, wanted.place)) return false
  if (opened.runs === 'all' || wanted.runs === 'all') return opened.runs === wanted.runs
  for (const run of wanted.runs) if (!opened.runs.has(run)) return false
  // A stream for many runs of which few are left on the page is opened anew.
  return opened.runs.size <= 2 * Math.max(8, wanted.runs.size)
}

function dataOf(event: Event): unknown {
  if (!(event instanceof MessageEvent) || typeof event.data !== 'string') return null
  try {
    return JSON.parse(event.data)
  } catch {
    return null
  }
}
