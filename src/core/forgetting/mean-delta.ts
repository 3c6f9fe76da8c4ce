import { isCovered, meanOf } from './coverage.ts'

export interface MeanDelta {
  deltas: (number | null)[]
  /** Null below 0.8 coverage. */
  mean: number | null
  coverage: number
  /** The benchmark with the lowest delta, the first of equals: a mean is never shown without it. */
  worst: string | null
  worstDelta: number | null
}

/**
 * The mean change over a set of benchmarks: TRACE's ΔR of a general, instruction or safety set (2310.06762), and with the
 * opposite sign the alignment tax.
 *
 * @param reference utilities (higher is better), parallel to `benchmarks` as are those of `after`; null is missing
 * @throws RangeError when the arrays are not parallel
 */
export function meanDelta(
  benchmarks: readonly string[],
  reference: readonly (number | null)[],
  after: readonly (number | null)[],
): MeanDelta {
  for (const [name, list] of Object.entries({ reference, after }))
    if (list.length !== benchmarks.length)
      throw new RangeError(`${name} has ${list.length} values for ${benchmarks.length} benchmarks`)
  const deltas = benchmarks.map((_, b) => {
    const [before, now] = [reference[b] ?? null, after[b] ?? null]
    return before === null || now === null ? null : now - before
  })
  const present = deltas.filter((delta) => delta !== null)
  const worstDelta = present.length > 0 ? Math.min(...present) : null
  return {
    deltas,
    mean: isCovered(present.length, benchmarks.length) ? meanOf(present) : null,
    coverage: benchmarks.length === 0 ? 0 : present.length / benchmarks.length,
    worst: worstDelta === null ? null : (benchmarks[deltas.indexOf(worstDelta)] ?? null),
    worstDelta,
  }
}
