/** Counts between edges, as a client stored them. */
export interface StoredHistogram {
  /** Ascending, one more than counts. */
  edges: number[]
  counts: number[]
  /** Values that were NaN or infinite. */
  notFinite: number
}

const numbers = (value: unknown): number[] | null =>
  Array.isArray(value) && value.every((item) => typeof item === 'number' && Number.isFinite(item)) ? value : null

/** Null when it is none. */
export function readHistogram(text: string): StoredHistogram | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const told = value as Record<string, unknown>
  const [edges, counts] = [numbers(told.edges), numbers(told.counts)]
  if (!edges || !counts || counts.length === 0 || edges.length !== counts.length + 1) return null
  return { edges, counts, notFinite: typeof told.not_finite === 'number' ? told.not_finite : 0 }
}
