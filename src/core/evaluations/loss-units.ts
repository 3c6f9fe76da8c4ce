/**
 * Loss over a corpus: nats over what they are counted per. Bits per byte = Σ nats / (ln 2 · Σ UTF-8 bytes); nats per token =
 * Σ nats / Σ tokens; perplexity = exp of that (never the mean of per-document perplexities).
 *
 * Error of one value and of a drift on the same documents (ratio estimator, documents as clusters): with weights W_d and
 * r_d = nats_d / W_d, `SE = sqrt(D/(D−1) · Σ (W_d (r_d − R))²) / Σ W_d`.
 */
import type { SlimItem } from './slim-item.ts'

export type LossUnit = 'bits_per_byte' | 'nats_per_token' | 'perplexity'

/** Which unit a metric's name means; bits per byte unless it speaks of tokens or perplexity. */
export function lossUnit(metric: string): LossUnit {
  const name = metric.toLowerCase()
  if (/perplexity|ppl/.test(name)) return 'perplexity'
  if (/byte|bpb/.test(name)) return 'bits_per_byte'
  return /token|nll|loss|nats|entropy/.test(name) ? 'nats_per_token' : 'bits_per_byte'
}

/** True when a metric is counted per byte of the text, as bits per byte and `byte_perplexity` are; else per token (or word). */
export const isPerByte = (metric: string): boolean => lossUnit(metric) === 'bits_per_byte' || /byte/i.test(metric)

export interface LossDocument {
  id: string
  /** In the unit's numerator: bits for bits per byte, nats otherwise. */
  loss: number
  /** Bytes or tokens. */
  weight: number
}

/** Documents of a corpus: items that share a cluster are one document, trials of an item are averaged by being summed alike. */
export function lossDocuments(items: readonly SlimItem[], metric: string): LossDocument[] {
  const nats = lossUnit(metric) === 'bits_per_byte' ? 1 / Math.LN2 : 1
  const perByte = isPerByte(metric)
  const documents = new Map<string, LossDocument>()
  for (const item of items) {
    const id = item.cluster ?? item.id
    const document = documents.get(id) ?? { id, loss: 0, weight: 0 }
    document.loss += (item.nats ?? 0) * nats
    document.weight += (perByte ? item.bytes : item.tokens) ?? 0
    documents.set(id, document)
  }
  return [...documents.values()]
}

export interface Ratio {
  value: number
  se: number | null
  documents: number
}

/** Σ loss / Σ weight with its standard error; null for a corpus without bytes (or tokens). */
export function lossRatio(documents: readonly LossDocument[]): Ratio | null {
  const weight = documents.reduce((sum, d) => sum + d.weight, 0)
  if (weight === 0) return null
  const value = documents.reduce((sum, d) => sum + d.loss, 0) / weight
  const squares = documents.reduce((sum, d) => sum + (d.loss - d.weight * value) ** 2, 0)
  const n = documents.length
  return { value, se: n < 2 ? null : Math.sqrt((squares * n) / (n - 1)) / weight, documents: n }
}

/** The drift between two models on the same documents: Σ W δ / Σ W with its standard error. Weights are those of `after`. */
export function lossDrift(before: readonly LossDocument[], after: readonly LossDocument[]): Ratio | null {
  const known = new Map(before.map((d) => [d.id, d]))
  const both = after.flatMap((d) => {
    const old = known.get(d.id)
    if (!old || old.weight <= 0 || d.weight <= 0) return []
    // Only where weights differ: scaling by 1 must not leave a rounding error that looks like a drift.
    const loss = old.weight === d.weight ? old.loss : (old.loss * d.weight) / old.weight
    return [{ ...d, loss: d.loss - loss }]
  })
  return lossRatio(both)
}
