/** How much goes into one statement, and how many statements run at once. */
export interface GroupLimits {
  items: number
  bytes: number
  inFlight: number
}

interface Waiting<Item, Result> {
  item: Item
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/**
 * Gathers what arrives in one turn of the event loop and commits it together: for small batches five times as much as one commit
 * each. Waiting longer than that turn gains nothing. An item is settled when its group's commit is.
 */
export class GroupCommit<Item, Result> {
  readonly #limits: GroupLimits
  readonly #describe: (item: Item) => { key: string; bytes: number }
  readonly #commit: (items: Item[]) => Promise<Result[]>
  #queue: Waiting<Item, Result>[] = []
  #inFlight = 0
  /** Of the groups that are under way. */
  readonly #keys = new Set<string>()
  #isScheduled = false
  #idle: (() => void)[] = []

  /**
   * @param describe `key`: items of one key are committed one after the other, in their order: when the second is, the first was answered
   * @param commit answers one result per item, in their order
   */
  constructor(
    limits: GroupLimits,
    describe: (item: Item) => { key: string; bytes: number },
    commit: (items: Item[]) => Promise<Result[]>,
  ) {
    this.#limits = limits
    this.#describe = describe
    this.#commit = commit
  }

  /** Settles once the item's group is committed, or was refused as a whole. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject })
      this.#schedule()
    })
  }

  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void> {
    if (this.isIdle) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  get isIdle(): boolean {
    return this.#inFlight === 0 && this.#queue.length === 0
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      while (this.#inFlight < this.#limits.inFlight) {
        const group = this.#take()
        if (group.length === 0) break
        void this.#run(group)
      }
    })
  }

  #take(): Waiting<Item, Result>[] {
    const group: Waiting<Item, Result>[] = []
    const later: Waiting<Item, Result>[] = []
    let bytes = 0
    let at = 0
    for (; at < this.#queue.length && group.length < this.#limits.items && bytes < this.#limits.bytes; at++) {
      const waiting = this.#queue[at] as Waiting<Item, Result>
      const { key, bytes: more } = this.#describe(waiting.item)
      if (this.#keys.has(key)) later.push(waiting)
      else {
        this.#keys.add(key)
        bytes += more
        group.push(waiting)
      }
    }
    this.#queue = later.concat(this.#queue.slice(at))
    return group
  }

  async #run(group: Waiting<Item, Result>[]): Promise<void> {
    this.#inFlight++
    try {
      const results = await this.#commit(group.map((waiting) => waiting.item))
      group.forEach((waiting, i) => {
        waiting.resolve(results[i] as Result)
      })
    } catch (error) {
      for (const waiting of group) waiting.reject(error)
    } finally {
      this.#inFlight--
      for (const { item } of group) this.#keys.delete(this.#describe(item).key)
      if (this.#queue.length > 0) this.#schedule()
      else if (this.#inFlight === 0) for (const resolve of this.#idle.splice(0)) resolve()
    }
  }
}
