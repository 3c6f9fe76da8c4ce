/** Whether the server answers. Times in epoch ms. */
export type Connection =
  | { kind: 'fine' }
  /** `retryAtMs`: when it is asked again; null while it is being asked. `isHeld`: somebody wanted to go to another page. */
  | { kind: 'lost'; sinceMs: number; retryAtMs: number | null; isHeld: boolean }

/** Pauses between two tries, ms; the last one goes on. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000] as const

const FINE: Connection = { kind: 'fine' }

/** Asks the server whether it is there once somebody had no answer, then in growing pauses until it is. */
export class ConnectionWatch {
  readonly #ask: () => Promise<boolean>
  readonly #watchers = new Set<() => void>()
  readonly #returns = new Set<() => void>()
  #state: Connection = FINE
  #asking: Promise<boolean> | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #tries = 0
  /** Answers to anybody, counted. */
  #answers = 0

  /** @param ask whether the server answers; never rejects */
  constructor(ask: () => Promise<boolean>) {
    this.#ask = ask
  }

  get state(): Connection {
    return this.#state
  }

  /** False once it is known that the server does not answer, and while that is found out. */
  get isTrusted(): boolean {
    return this.#state.kind === 'fine' && !this.#asking
  }

  /** Called with each change of `state`; the answer ends it. */
  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed)
    return () => this.#watchers.delete(changed)
  }

  /** Called each time that the server is there again; the answer ends it. */
  onReturn = (back: () => void): (() => void) => {
    this.#returns.add(back)
    return () => this.#returns.delete(back)
  }

  /** Somebody had no answer: it is looked at whether that was the server or that one question. */
  suspect = (): void => {
    if (this.#state.kind === 'fine') void this.look()
  }

  /** Asks now, without waiting for the pause to end. */
  tryNow = (): void => {
    if (this.#state.kind === 'lost') void this.look()
  }

  /**
   * True where a page may make way for another. While the server is away the browser's own page would take its place, with all that
   * was typed: then it stays, and says so.
   */
  mayLeave = (): boolean => {
    if (this.#state.kind === 'fine') return true
    this.#become({ ...this.#state, isHeld: true })
    this.tryNow()
    return false
  }

  /** The server answered somebody. */
  answered = (): void => {
    this.#answers++
    if (this.#state.kind === 'fine') return
    this.#stop()
    this.#become(FINE)
    for (const back of [...this.#returns]) back()
  }

  /** Asks now; true when the server answers. Who asks meanwhile gets the same answer. */
  look = (): Promise<boolean> => {
    this.#asking ??= this.#lookOnce().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #lookOnce(): Promise<boolean> {
    this.#stop(this.#tries)
    if (this.#state.kind === 'lost') this.#become({ ...this.#state, retryAtMs: null })
    const before = this.#answers
    const isThere = await this.#ask()
    // Whoever was answered meanwhile knows better than a question that was not.
    if (isThere || this.#answers > before) {
      this.answered()
      return true
    }
    const pause = PAUSES_MS[Math.min(this.#tries, PAUSES_MS.length - 1)] ?? 15_000
    this.#tries++
    const now = Date.now()
    const lost = this.#state.kind === 'lost' ? this.#state : { kind: 'lost' as const, sinceMs: now, isHeld: false }
    this.#become({ ...lost, retryAtMs: now + pause })
    this.#timer = setTimeout(this.look, pause)
    return false
  }

  #stop(tries = 0): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#tries = tries
  }

  #become(state: Connection): void {
    this.#state = state
    for (const changed of [...this.#watchers]) changed()
  }
}
