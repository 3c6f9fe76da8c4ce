/** A loss over a corpus in both of its units, where its documents are stored: bits per byte, and nats per token. */
import type { CorpusUnit } from '#src/core/evaluations/corpus-units.ts'
import { t95 } from '#src/core/evaluations/distributions.ts'
import { isPerByte, lossDocuments, lossRatio, lossUnit } from '#src/core/evaluations/loss-units.ts'
import { changeBetween, type Measured } from '#src/core/evaluations/paired-change.ts'
import { HARD_FIELDS, type ProtocolFields } from '#src/core/evaluations/protocol.ts'
import { readChange } from '#src/core/evaluations/read-change.ts'
import { sharedForm } from '#src/core/evaluations/slim-item.ts'
import { type ScoreMeaning, scoreBreak } from '#src/core/lineage/curve-breaks.ts'
import type { CapabilityCell, UnitScore } from '#src/protocol/capability.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'

/** A measured loss with the tokenizer of its checkpoint. */
export interface CorpusSide {
  cell: Cell
  tokenizer: string | null
}

/** What names the text of a loss: its dataset and revision; null where the protocol tells neither. */
export function corpusOf({ dataset, dataset_revision: revision }: ProtocolFields): string | null {
  if (!dataset) return null
  return revision ? `${dataset} ${revision}` : dataset
}

/** What a loss means in a unit: as its protocol says it, but for the unit and the tokenizer. */
function meaningIn(unit: CorpusUnit, { cell, tokenizer }: CorpusSide): ScoreMeaning {
  const fields = HARD_FIELDS.filter((name) => name !== 'metric' && name !== 'tokenizer')
  return {
    metric: unit,
    fingerprint: JSON.stringify(fields.map((name) => cell.row.protocol[name] ?? null)),
    corpus: corpusOf(cell.row.protocol),
    tokenizer,
    isPerToken: unit === 'nats_per_token',
  }
}

/**
 * The score in a unit; null where the documents that it needs are not stored and it was not reported so.
 *
 * @param before the loss before it on the path, with which it is one curve or not
 */
export function scoreInUnit(
  unit: CorpusUnit,
  own: CorpusSide,
  before: CorpusSide | null,
  against: { parent: CorpusSide | null; root: CorpusSide | null },
): UnitScore | null {
  const at = measuredIn(unit, own.cell)
  if (!at) return null
  return {
    score: at.score,
    low: at.low,
    high: at.high,
    documents: at.documents,
    broken: before ? scoreBreak(meaningIn(unit, before), meaningIn(unit, own)) : null,
    parent: against.parent && changeIn(unit, against.parent, own),
    root: against.root && changeIn(unit, against.root, own),
  }
}

interface UnitMeasured extends Measured {
  low: number | null
  high: number | null
  documents: number | null
}

function measuredIn(unit: CorpusUnit, { row, score, items, interval }: Cell): UnitMeasured | null {
  const ratio = sharedForm(items) === 'loss' ? lossRatio(lossDocuments(items, unit)) : null
  if (ratio) {
    const half = ratio.se === null ? null : t95(ratio.documents - 1) * ratio.se
    return {
      metric: unit,
      score: ratio.value,
      scale: 1,
      se: ratio.se,
      items,
      low: half === null ? null : ratio.value - half,
      high: half === null ? null : ratio.value + half,
      documents: ratio.documents,
    }
  }
  const isReported = lossUnit(row.metric) === unit && isPerByte(row.metric) === (unit === 'bits_per_byte')
  if (!isReported) return null
  const { low, high, se } = interval
  return { metric: row.metric, score, scale: row.scale, se, items: [], low, high, documents: null }
}

function changeIn(unit: CorpusUnit, before: CorpusSide, after: CorpusSide): CapabilityCell['parent'] {
  const [old, now] = [measuredIn(unit, before.cell), measuredIn(unit, after.cell)]
  const none = (reason: string) =>
    ({ change: null, low: null, high: null, p: null, method: reason, reason, reading: 'not_comparable' }) as const
  if (!old || !now) return none('the baseline has no number in this unit')
  const isTokens = unit === 'nats_per_token'
  if (isTokens && (before.tokenizer === null || after.tokenizer === null))
    return none('nats are counted per token, and the tokenizer is not known')
  const broken = scoreBreak(meaningIn(unit, before), meaningIn(unit, after))
  if (broken !== null) return none(broken)
  const { change, low, high, p, method } = changeBetween(old, now)
  return { change, low, high, p, method, reason: null, reading: readChange(-change, p) }
}
