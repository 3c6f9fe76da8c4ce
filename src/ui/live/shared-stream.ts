'use client'
import { ANSWER_MS, type FromWorker, HERE_MS, type ToWorker } from './stream-messages.ts'
import type { NewsSource } from './stream-sharer.ts'

/** What the line needs of a shared worker. */
export interface StreamWorker {
  say(message: ToWorker): void
  /** Called with what it says, and with `dead` when its code did not come. */
  hear(take: (message: FromWorker | 'dead') => void): void
}

/** What the line needs of a browser. */
export interface LineSurroundings {
  /** Null where there is none, as on some phones, or the browser refuses it. */
  startWorker(): StreamWorker | null
  openOwn(url: string): NewsSource
  onLeave(left: () => void): void
}

/**
 * A tab's line to the worker that holds the streams of all tabs of a browser, which has only six connections to a host. Where there is
 * no worker, or it says nothing any more, the tab has streams of its own.
 */
export class StreamLine {
  readonly #around: LineSurroundings
  readonly #streams = new Map<number, SharedStream>()
  /** Undefined until it is asked for; null: from now on without it. */
  #worker: StreamWorker | null | undefined
  #count = 0
  /** Runs out when the worker leaves a question open. */
  #silence: ReturnType<typeof setTimeout> | null = null

  constructor(around: LineSurroundings) {
    this.#around = around
  }

  open = (url: string): NewsSource => {
    if (this.#worker === undefined) this.#worker = this.#connect()
    if (!this.#worker) return this.#around.openOwn(url)
    const of = ++this.#count
    const stream = new SharedStream(() => {
      if (this.#streams.delete(of)) this.#worker?.say({ close: of })
    })
    this.#streams.set(of, stream)
    this.#ask({ open: of, url })
    return stream
  }

  #connect(): StreamWorker | null {
    const worker = this.#around.startWorker()
    if (!worker) return null
    worker.hear((message) => {
      if (message === 'dead') this.#giveUp()
      else this.#take(message)
    })
    // A page that comes back from the browser's store of left pages asks again, as after any lost stream.
    this.#around.onLeave(() => {
      this.#worker?.say({ leave: true })
      this.#endAll()
    })
    setInterval(() => {
      if (this.#streams.size > 0) this.#ask({ here: true })
    }, HERE_MS)
    return worker
  }

  /** Says what the worker answers. */
  #ask(message: ToWorker): void {
    if (!this.#worker) return
    this.#worker.say(message)
    this.#silence ??= setTimeout(() => this.#giveUp(), ANSWER_MS)
  }

  #take(message: FromWorker): void {
    this.#rest()
    if ('of' in message)
      this.#streams.get(message.of)?.dispatchEvent(new MessageEvent(message.name, { data: message.data }))
  }

  #giveUp(): void {
    // One that was only slow must hold no streams for a tab that left.
    this.#worker?.say({ leave: true })
    this.#worker = null
    this.#rest()
    this.#endAll()
  }

  #rest(): void {
    if (this.#silence) clearTimeout(this.#silence)
    this.#silence = null
  }

  /** Whoever reads them opens them again. */
  #endAll(): void {
    const ended = [...this.#streams.values()]
    this.#streams.clear()
    this.#rest()
    for (const stream of ended) stream.dispatchEvent(new Event('error'))
  }
}

class SharedStream extends EventTarget implements NewsSource {
  readonly close: () => void
  constructor(close: () => void) {
    super()
    this.close = close
  }
}

function startWorker(): StreamWorker | null {
  if (typeof SharedWorker === 'undefined') return null
  try {
    const worker = new SharedWorker(new URL('./stream-worker.ts', import.meta.url), { name: 'descent live' })
    return {
      say: (message) => worker.port.postMessage(message),
      hear: (take) => {
        worker.port.onmessage = ({ data }: MessageEvent<FromWorker>) => take(data)
        worker.addEventListener('error', () => take('dead'))
      },
    }
  } catch {
    // Refused, as where it may store nothing.
    return null
  }
}

const line = new StreamLine({
  startWorker,
  openOwn: (url) => new EventSource(url),
  onLeave: (left) => window.addEventListener('pagehide', left),
})

/** Opens an event stream that all tabs of this browser share. */
export const openSharedStream = line.open
