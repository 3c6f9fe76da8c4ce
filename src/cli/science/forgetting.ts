import { z } from 'zod'
import { BENCHMARK_ROLES } from '../../core/evaluations/benchmarks.ts'
import { chainScores } from '../../core/forgetting/chain.ts'
import { exchangeRate } from '../../core/forgetting/exchange-rate.ts'
import { lineageScores } from '../../core/forgetting/lineage-scores.ts'
import { lossChange, natsOfPerplexity } from '../../core/forgetting/loss-change.ts'
import { matrixMeasures } from '../../core/forgetting/matrix.ts'
import { meanDelta } from '../../core/forgetting/mean-delta.ts'
import { normalise, rawRetention, retentionRatio } from '../../core/forgetting/normalise.ts'
import { paretoSplit } from '../../core/forgetting/pareto.ts'
import { replayTradeoff } from '../../core/forgetting/replay.ts'
import { selectionEffect } from '../../core/forgetting/selection-effect.ts'
import { relativeForgetting } from '../../core/forgetting/stage-average.ts'
import { stageSummary } from '../../core/forgetting/stage-summary.ts'
import { countStates, STATE_DEFAULTS, states } from '../../core/forgetting/states.ts'
import { forgettingInWindow } from '../../core/forgetting/window.ts'
import { count, type Family, notNegative, operation, positive, share } from './family.ts'

const orientation = z.union([z.literal(1), z.literal(-1)])
const score = z.number()
const cells = z.array(score.nullable())
const name = z.string().min(1)
/** Merge weights that add up to 1 but for rounding. */
const WEIGHTS_SLACK = 1e-6

const lineageInput = z
  .object({
    scores: z.record(name, z.record(name, score)),
    parents: z.record(name, z.array(name)).default({}),
    orientation: z.record(name, orientation).default({}),
    merge_weights: z.record(name, z.record(name, notNegative)).default({}),
    introduced_at: z.record(name, name).default({}),
  })
  .superRefine(({ merge_weights, parents }, ctx) => {
    for (const [node, weights] of Object.entries(merge_weights)) {
      const sum = Object.values(weights).reduce((total, own) => total + own, 0)
      const own = [...(parents[node] ?? [])].sort().join()
      const complain = (message: string) => ctx.addIssue({ code: 'custom', path: ['merge_weights', node], message })
      if (Object.keys(weights).sort().join() !== own) complain('must weigh exactly the parents of the node')
      else if (Math.abs(sum - 1) > WEIGHTS_SLACK) complain(`must add up to 1, add up to ${sum}`)
    }
  })

/** What was lost, kept and gained along a lineage. */
export const forgetting: Family = {
  normalise: operation(
    z.object({ chance: score, best: score, before: score, after: score }),
    ({ before, after, ...scale }) => {
      const [was, is] = [normalise(before, scale), normalise(after, scale)]
      return {
        s_before: was,
        s_after: is,
        raw_retention: rawRetention(before, after, scale),
        chance_corrected_retention: retentionRatio(is, was),
      }
    },
  ),
  loss_change: operation(
    z.union([
      z.object({ loss_before: score, loss_after: score }),
      z.object({ ppl_before: positive, ppl_after: positive }),
    ]),
    (input) => {
      const change =
        'loss_before' in input
          ? lossChange(input.loss_before, input.loss_after)
          : lossChange(natsOfPerplexity(input.ppl_before), natsOfPerplexity(input.ppl_after))
      return {
        delta_nats: change.deltaNats,
        ppl_ratio: change.perplexityRatio,
        utility_delta: change.utilityDelta,
      }
    },
  ),
  window: operation(
    z.object({ orientation: orientation.default(1), col: cells.min(1), intro_index: count }),
    ({ orientation: o, col, intro_index }) => {
      const lost = forgettingInWindow(
        col.map((value) => value && o * value),
        intro_index,
      )
      return { F_since_intro: lost.sinceIntroduction, F_all_ancestors: lost.overAllAncestors }
    },
  ),
  matrix: operation(
    z.object({ R: z.array(cells), b_bar: z.union([score, z.array(score)]).optional() }),
    ({ R, b_bar }) => {
      const of = matrixMeasures(R, b_bar)
      return {
        T: of.stages,
        ACC: of.finalAccuracy,
        LA: of.learningAccuracy,
        BWT: of.backwardTransfer,
        BWT_over_T: of.backwardTransferOverT,
        F: of.forgetting,
        F_all_ancestors: of.forgettingOverAll,
        F_k: of.forgettingAt,
        FWT: of.forwardTransfer,
        mean_OP: of.meanOverallPerformance,
        diaz_A: of.accuracyAllPairs,
        diaz_BWT: of.backwardTransferAllPairs,
        mean_raw_retention: of.meanRawRetention,
      }
    },
  ),
  stage_average_fg: operation(z.object({ R0: score, R: z.array(score).min(1) }), ({ R0, R }) => {
    const { stageAverage, finalOnly } = relativeForgetting(R0, R)
    return { fg_percent: stageAverage, final_only_percent: finalOnly }
  }),
  chain: operation(
    z.object({
      benchmarks: z.array(name),
      orientation: z.array(orientation).optional(),
      scale: z.array(score).optional(),
      stages: z.array(z.object({ id: name, values: cells })).min(1),
    }),
    (input) => {
      const of = chainScores(input)
      return {
        average: of.average,
        step: Object.fromEntries(of.step),
        F: of.forgetting,
        mean_signed_F: of.meanSigned,
        mean_clipped_F: of.meanClipped,
        n_positive: of.lost,
        worst: of.worst,
        coverage: of.coverage,
        mean_step: Object.fromEntries(of.meanStep),
      }
    },
  ),
  lineage: operation(lineageInput, ({ scores, parents, orientation: o, merge_weights, introduced_at }) => {
    const of = lineageScores({
      utilities: new Map(
        Object.entries(scores).map(([node, own]) => [
          node,
          new Map(Object.entries(own).map(([benchmark, value]) => [benchmark, (o[benchmark] ?? 1) * value])),
        ]),
      ),
      parents: new Map(
        Object.entries(parents).map(([node, ids]) => [
          node,
          ids.map((id) => ({ id, weight: merge_weights[node]?.[id] ?? null })),
        ]),
      ),
      introducedAt: new Map(Object.entries(introduced_at)),
    })
    return {
      step: nested(of.step, (step) => step && { delta: step.delta, vs: step.vs, stages_back: step.stagesBack }),
      F: nested(of.forgetting, (lost) => lost),
      merge: nested(of.merge, (merge) => ({
        vs_best_input: merge.vsBestInput,
        vs_weighted_mean: merge.vsWeightedMean,
        lca: merge.lca,
        vs_lca: merge.vsLca,
      })),
    }
  }),
  mean_delta: operation(
    z.object({ benchmarks: z.array(name), reference: cells, after: cells }),
    ({ benchmarks, reference, after }) => {
      const of = meanDelta(benchmarks, reference, after)
      return {
        deltas: of.deltas,
        mean_delta: of.mean,
        coverage: of.coverage,
        worst: of.worst,
        worst_delta: of.worstDelta,
      }
    },
  ),
  pareto: operation(z.object({ points: z.array(z.object({ id: name, learn: score, retain: score })) }), ({ points }) =>
    paretoSplit(points),
  ),
  replay_tradeoff: operation(
    z.object({
      reference_retention_loss: score,
      rows: z.array(z.object({ replay_pct: z.number().min(0).max(100), retention_loss: score, target_loss: score })),
    }),
    ({ reference_retention_loss, rows }) => ({
      rows: replayTradeoff(
        reference_retention_loss,
        rows.map((row) => ({
          replayPercent: row.replay_pct,
          retentionLoss: row.retention_loss,
          targetLoss: row.target_loss,
        })),
      ).map((row) => ({
        replay_pct: row.replayPercent,
        drift_nats: row.driftNats,
        removed_nats: row.removedNats,
        target_cost_nats: row.targetCostNats,
      })),
    }),
  ),
  states: operation(
    z.object({
      alpha: z.number().gt(0).lt(1).default(STATE_DEFAULTS.alpha),
      margin: positive.default(STATE_DEFAULTS.margin),
      cells: z.array(
        z.object({
          id: name,
          delta: score.nullable(),
          se: notNegative.nullable(),
          p: share.nullable(),
          retention_ratio: score.nullish(),
          comparable: z.boolean().default(true),
        }),
      ),
    }),
    ({ alpha, margin, cells: own }) => {
      const of = states(
        own.map(({ retention_ratio, ...cell }) => ({ ...cell, retention: retention_ratio ?? null })),
        { alpha, margin },
      )
      return {
        cells: of.map((cell) => ({
          id: cell.id,
          state: cell.state,
          p_adjusted: cell.pAdjusted,
          tost_p: cell.tostP,
          below_margin: cell.belowMargin,
          severe: cell.severe,
        })),
        counts: countStates(of),
      }
    },
  ),
  stage_summary: operation(
    z.object({
      cells: z.array(
        z.object({
          id: name,
          category: name,
          role: z.enum(BENCHMARK_ROLES),
          delta: score.nullable(),
          se: notNegative.nullable(),
        }),
      ),
    }),
    ({ cells: own }) => {
      const of = stageSummary(own)
      return {
        retention_mean: of.retention?.mean ?? null,
        retention_se: of.retention?.se ?? null,
        worst_retention: of.worstRetention,
        benchmarks_used: of.used,
        benchmarks_total: of.total,
        safety_mean: of.safety?.mean ?? null,
        safety_se: of.safety?.se ?? null,
        target_mean: of.target?.mean ?? null,
        target_se: of.target?.se ?? null,
      }
    },
  ),
  exchange_rate: operation(
    z.object({ retention_change: score, retention_se: notNegative, target_gain: score, target_se: notNegative }),
    (input) => {
      const { rate, low, high, reason } = exchangeRate(
        { change: input.retention_change, se: input.retention_se },
        { gain: input.target_gain, se: input.target_se },
      )
      return { rate, lo: low, hi: high, reason }
    },
  ),
  selection_effect: operation(z.object({ k: z.array(z.int().min(1)) }), ({ k }) => ({ d: k.map(selectionEffect) })),
}

/** A map of maps as an object of objects. */
const nested = <Value, Answer>(of: ReadonlyMap<string, ReadonlyMap<string, Value>>, tell: (value: Value) => Answer) =>
  Object.fromEntries(
    [...of].map(([node, own]) => [
      node,
      Object.fromEntries([...own].map(([benchmark, value]) => [benchmark, tell(value)])),
    ]),
  )
