/**
 * Where the lines of a console lie when some of them are wrapped: all are one row high but those that were measured. What was not seen
 * yet counts as one row.
 */
export class LineHeights {
  readonly #rowPx: number
  /** By line: px beyond one row. */
  readonly #more = new Map<number, number>()
  /** Measured lines ascending, and what they and those before them are higher, in all. */
  #lines: number[] = []
  #sums: number[] = []
  #isSummed = true

  /** @param rowPx of a line that is not wrapped */
  constructor(rowPx: number) {
    this.#rowPx = rowPx
  }

  /** Takes the height of a line; by how much it changed, in px. */
  set(line: number, px: number): number {
    const before = this.#more.get(line) ?? 0
    const more = px - this.#rowPx
    if (more === before) return 0
    if (more === 0) this.#more.delete(line)
    else this.#more.set(line, more)
    this.#isSummed = false
    return more - before
  }

  /** Px above a line; of their number: the height of all. */
  topOf(line: number): number {
    return line * this.#rowPx + this.#moreBefore(line)
  }

  /** The line at a height of px from above; beyond the last one the lines go on as rows. */
  lineAt(px: number): number {
    let low = 0
    let high = Math.max(0, Math.floor(px / this.#rowPx))
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.topOf(middle) <= px) low = middle
      else high = middle - 1
    }
    return low
  }

  #moreBefore(line: number): number {
    if (!this.#isSummed) this.#sumUp()
    let low = 0
    let high = this.#lines.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#lines[middle] as number) < line) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : (this.#sums[low - 1] as number)
  }

  #sumUp(): void {
    this.#lines = [...this.#more.keys()].sort((a, b) => a - b)
    let sum = 0
    this.#sums = this.#lines.map((line) => {
      sum += this.#more.get(line) ?? 0
      return sum
    })
    this.#isSummed = true
  }
}
