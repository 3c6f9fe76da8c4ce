import vm from 'node:vm'

/** A call of `test` that takes longer is given up; other requests wait for it meanwhile. */
const CALL_MS_MAX = 80
/** On a busy machine the time may go by without the process: a call that used less of the processor is made again. */
const USED_MS_MIN = 50
const TRIES_MAX = 5

/** Thrown when a pattern needs more time than one call may take. */
export class PatternTooSlow extends Error {
  override readonly name = 'PatternTooSlow'
}

/**
 * A regular expression of a user. The engine may need time that grows without bound with the length of a line: each call runs in a
 * context of its own that is ended when its time is over. Nothing but the pattern comes from the user.
 */
export class BoundedPattern {
  readonly #context: { lines: readonly string[]; pattern: RegExp | null; source: string; flags: string }
  readonly #script = new vm.Script(
    `(() => {
      const { lines, pattern } = { lines: globalThis.lines, pattern: globalThis.pattern }
      const found = []
      for (let i = 0; i < lines.length; i++) if (pattern.test(lines[i])) found.push(i)
      return found
    })()`,
  )

  constructor(pattern: RegExp) {
    this.#context = Object.assign(Object.create(null), {
      lines: [],
      pattern: null,
      source: pattern.source,
      flags: pattern.flags.replace('g', ''),
    })
    vm.createContext(this.#context)
    vm.runInContext('pattern = new RegExp(source, flags)', this.#context)
  }

  /**
   * Indices of the lines in which it matches.
   *
   * @throws PatternTooSlow
   */
  test(lines: readonly string[]): readonly number[] {
    this.#context.lines = lines
    try {
      for (let tries = 1; ; tries++) {
        const before = process.cpuUsage()
        try {
          return this.#script.runInContext(this.#context, { timeout: CALL_MS_MAX }) as readonly number[]
        } catch (error) {
          if ((error as NodeJS.ErrnoException | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
          const used = process.cpuUsage(before)
          if ((used.user + used.system) / 1_000 >= USED_MS_MIN || tries === TRIES_MAX)
            throw new PatternTooSlow(`/${this.#context.source}/ takes longer than ${CALL_MS_MAX} ms.`)
        }
      }
    } finally {
      this.#context.lines = []
    }
  }
}
