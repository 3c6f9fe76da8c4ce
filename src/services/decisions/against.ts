/** A stage held against one other: changes, their reading, and what more it took. */

import { stageReading } from '#src/core/comparisons/stage-reading.ts'
import type { Money } from '#src/core/comparisons/stage-rows.ts'
import { costPerPoint } from '#src/core/cost/cost-per-point.ts'
import { decimal, plain } from '#src/core/cost/money.ts'
import type { ReferenceRole } from '#src/core/decisions/decisions.ts'
import { formatMoney } from '#src/core/format/money.ts'
import type { DecisionReference } from '#src/protocol/decisions.ts'
import type { ForgettingVerdict } from '#src/protocol/forgetting.ts'
import type { Context } from '#src/services/context.ts'
import { compareCells, severity } from '#src/services/evaluations/compare.ts'
import type { RecordedStage } from '#src/services/experiments/ancestry.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { deviceHoursOf } from '#src/services/publish/stage-facts.ts'
import type { StageMoney } from '#src/services/publish/stage-money.ts'

export interface Held {
  ctx: Context
  stage: RecordedStage
  money: StageMoney
  /** Benchmarks on which some stage of its path was measured: they are to be kept, whatever it is held against. */
  ancestral: ReadonlySet<number>
}

type MoneyCell = DecisionReference['path_cost']

/** Money of a stage as a cell: where it is unknown, why. */
export function moneyCell(of: Money, stage: RecordedStage): MoneyCell {
  if (of.text !== null) return { text: of.text, missing: null }
  const isPublished = stage.run === null && stage.checkpoint !== null
  const untold = isPublished ? 'not published' : deviceHoursOf(stage) === null ? 'not measured' : 'price missing'
  return { text: null, missing: of.missing ?? untold }
}

/** Why a difference of two paths is not known: by the first of them whose money is not known whole. */
function unknownCell(own: [Money, RecordedStage], theirs: [Money, RecordedStage]): MoneyCell {
  const [of, stage] = own[0].amount === null ? own : theirs
  return moneyCell({ ...of, text: null }, stage)
}

/** @param verdict of the budget against it; null against a sibling */
export function referenceOf(
  held: Held,
  other: RecordedStage,
  roles: readonly ReferenceRole[],
  verdict: ForgettingVerdict | null,
): DecisionReference {
  const { ctx, stage, money, ancestral } = held
  const changes = compareCells(ctx, {
    after: stage.cells,
    before: other.checkpoint === null ? null : other.cells,
    meanings: new Map(stage.roles.map(({ benchmarkId, role, tolerance }) => [benchmarkId, { role, tolerance }])),
    ancestral,
  })
  const [own, theirs] = [money.path(stage.row.id), money.path(other.row.id)]
  const more = moreMoney(own, theirs)
  return {
    roles: [...roles],
    experiment: refOfRow(other.row, other.row.project),
    checkpoint: other.checkpoint && { id: other.checkpoint.uid, step: other.checkpoint.step },
    changes,
    reading: stageReading(
      changes.map((change) => ({
        name: change.benchmark.name,
        isTarget: change.role === 'target',
        utility: change.utility,
        reading: change.reading,
        severity: severity(change),
      })),
    ),
    path_cost: moneyCell(theirs, other),
    more_cost: more ? { text: more.text, missing: null } : unknownCell([own, stage], [theirs, other]),
    per_gain: roles.includes('sibling')
      ? { ...NO_RATE, reason: 'a sibling is no step of the path' }
      : perGain(more, verdict?.target ?? null),
    verdict: verdict && {
      target: verdict.target,
      retention: verdict.retention,
      safety: verdict.safety,
      drift: verdict.drift,
      worst: verdict.worst,
      budget: verdict.budget,
    },
  }
}

interface More {
  text: string
  amount: string
  currency: string
}

/** How much more one path took than another; null where either is not known whole, or they are in two currencies. */
function moreMoney(own: Money, other: Money): More | null {
  if (own.amount === null || own.currency === null) return null
  const isNothing = other.text === null && other.missing === null
  if (!isNothing && (other.amount === null || other.currency !== own.currency)) return null
  const amount = plain(decimal(own.amount.toFixed(12)).minus(decimal((other.amount ?? 0).toFixed(12))))
  const printed = formatMoney({ amount, currency: own.currency })
  return { text: Number(amount) > 0 ? `+${printed}` : printed, amount, currency: own.currency }
}

const NO_RATE = { text: null, low: null, high: null, unit: null }

const UNIT_OF = { points: 'point', nats: 'nat', bits_per_byte: 'bit per byte' } as const

function perGain(more: More | null, target: ForgettingVerdict['target']): DecisionReference['per_gain'] {
  if (!target) return { ...NO_RATE, reason: 'no mean gain on a target' }
  if (!more) return { ...NO_RATE, reason: 'the cost is not known' }
  if (Number(more.amount) < 0) return { ...NO_RATE, reason: 'it took less' }
  const { perPoint, low, high, reason } = costPerPoint(more.amount, target.mean, target.se)
  const print = (amount: string | null) => (amount === null ? null : formatMoney({ amount, currency: more.currency }))
  return { text: print(perPoint), low: print(low), high: print(high), unit: UNIT_OF[target.unit], reason }
}
