/** One key's points as read: parallel arrays, ascending by step, each step once. `t` is wall time in ms. */
export interface Series {
  steps: Float64Array
  times: Float64Array
  values: Float64Array
}

export const EMPTY_SERIES: Series = {
  steps: new Float64Array(0),
  times: new Float64Array(0),
  values: new Float64Array(0),
}

const START_CAPACITY = 64

/**
 * Collects points in the order in which they count: the order of (stream, seq, position in the batch). A later point replaces an
 * earlier one of the same step.
 */
export class SeriesBuilder {
  #n = 0
  #steps: Float64Array
  #times: Float64Array
  #values: Float64Array
  #isAscending = true
  #last = Number.NEGATIVE_INFINITY

  /** @param expected how many points will come, as far as that is known */
  constructor(expected = START_CAPACITY) {
    this.#steps = new Float64Array(expected)
    this.#times = new Float64Array(expected)
    this.#values = new Float64Array(expected)
  }

  /** Begins another series, in the same memory: views into the one before are no longer valid. */
  reset(): void {
    this.#n = 0
    this.#isAscending = true
    this.#last = Number.NEGATIVE_INFINITY
  }

  /** Points that it has room for. */
  get room(): number {
    return this.#steps.length
  }

  /** Takes the points whose step lies in from … to−1; `time` stands for wall times that were not sent. */
  push(
    steps: Float64Array,
    times: Float64Array | null,
    time: number,
    values: Float32Array | Float64Array,
    from: number,
    to: number,
  ): void {
    this.#reserve(values.length)
    if (this.#continues(steps, from, to)) {
      this.#steps.set(steps, this.#n)
      if (times) this.#times.set(times, this.#n)
      else this.#times.fill(time, this.#n, this.#n + steps.length)
      this.#values.set(values, this.#n)
      this.#n += steps.length
      this.#last = steps[steps.length - 1] as number
      return
    }
    for (let i = 0; i < values.length; i++) {
      const step = steps[i] as number
      if (step < from || step >= to) continue
      if (step <= this.#last) this.#isAscending = false
      else this.#last = step
      this.#steps[this.#n] = step
      this.#times[this.#n] = times ? (times[i] as number) : time
      this.#values[this.#n++] = values[i] as number
    }
  }

  /** Views into this builder, valid until the next push. */
  series(): Series {
    if (!this.#isAscending) this.#sort()
    return {
      steps: this.#steps.subarray(0, this.#n),
      times: this.#times.subarray(0, this.#n),
      values: this.#values.subarray(0, this.#n),
    }
  }

  /** Do all of these steps count, and lie in order behind those that are there? Nearly always; then nothing is looked at one by one. */
  #continues(steps: Float64Array, from: number, to: number): boolean {
    const n = steps.length
    if (n < 2 || (steps[0] as number) < from || (steps[0] as number) <= this.#last) return false
    for (let i = 1; i < n; i++) if ((steps[i] as number) <= (steps[i - 1] as number)) return false
    return (steps[n - 1] as number) < to
  }

  #reserve(more: number): void {
    const need = this.#n + more
    if (need <= this.#steps.length) return
    let capacity = Math.max(START_CAPACITY, this.#steps.length * 2)
    while (capacity < need) capacity *= 2
    const grown = (old: Float64Array) => {
      const next = new Float64Array(capacity)
      next.set(old.subarray(0, this.#n))
      return next
    }
    this.#steps = grown(this.#steps)
    this.#times = grown(this.#times)
    this.#values = grown(this.#values)
  }

  /** Sorts by step, then by arrival, and keeps the last of equal steps. */
  #sort(): void {
    const order = new Uint32Array(this.#n)
    for (let i = 0; i < order.length; i++) order[i] = i
    const unsorted = { steps: this.#steps, times: this.#times, values: this.#values }
    order.sort((a, b) => (unsorted.steps[a] as number) - (unsorted.steps[b] as number) || a - b)
    this.#steps = new Float64Array(unsorted.steps.length)
    this.#times = new Float64Array(unsorted.steps.length)
    this.#values = new Float64Array(unsorted.steps.length)
    let n = 0
    for (const i of order) {
      const step = unsorted.steps[i] as number
      if (n > 0 && this.#steps[n - 1] === step) n--
      this.#steps[n] = step
      this.#times[n] = unsorted.times[i] as number
      this.#values[n++] = unsorted.values[i] as number
    }
    this.#n = n
    this.#isAscending = true
  }
}
