/** Which numbers of a sequence that begins at 1 are there, as ascending closed ranges that neither meet nor touch. */
export class SequenceRanges {
  readonly #ranges: [number, number][]

  /** @param ranges ascending and apart, as PostgreSQL keeps a multirange */
  constructor(ranges: readonly (readonly [number, number])[] = []) {
    this.#ranges = ranges.map(([from, to]) => [from, to])
  }

  add(n: number): void {
    // Nearly always the next one at the end.
    let at = this.#ranges.length
    while (at > 0 && (this.#ranges[at - 1] as [number, number])[0] > n) at--
    const before = this.#ranges[at - 1]
    const after = this.#ranges[at]
    if (before && n <= before[1]) return
    const joinsBefore = before !== undefined && before[1] === n - 1
    const joinsAfter = after !== undefined && after[0] === n + 1
    if (joinsBefore && joinsAfter) {
      before[1] = after[1]
      this.#ranges.splice(at, 1)
    } else if (joinsBefore) before[1] = n
    else if (joinsAfter) after[0] = n
    else this.#ranges.splice(at, 0, [n, n])
  }

  has(n: number): boolean {
    // Nearly always one of the last.
    const range = this.#ranges.findLast(([from]) => from <= n)
    return range !== undefined && n <= range[1]
  }

  /** The greatest n for which all of 1 … n are there; 0 when 1 is missing. */
  get contiguous(): number {
    const first = this.#ranges[0]
    return first && first[0] <= 1 ? first[1] : 0
  }

  /** The holes below the greatest number, at most `max` of them, from below. */
  missing(max: number): [number, number][] {
    const holes: [number, number][] = []
    let next = 1
    for (const [from, to] of this.#ranges) {
      if (from > next) {
        if (holes.length === max) break
        holes.push([next, from - 1])
      }
      next = to + 1
    }
    return holes
  }
}

/** Ranges from PostgreSQL's text of an `int8multirange`, such as `{[1,4),[7,8)}`. */
export function parseMultirange(text: string): [number, number][] {
  return [...text.matchAll(/\[(-?\d+),(-?\d+)\)/g)].map(([, from, to]) => [Number(from), Number(to) - 1])
}
