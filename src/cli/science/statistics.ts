import { z } from 'zod'
import { agreement } from '../../core/evaluations/agreement.ts'
import { benjaminiHochberg } from '../../core/evaluations/benjamini-hochberg.ts'
import { clusteredErrors } from '../../core/evaluations/clustered-errors.ts'
import { eloUpdate, ranksOf } from '../../core/evaluations/elo.ts'
import { equivalenceP } from '../../core/evaluations/equivalence.ts'
import { holm } from '../../core/evaluations/holm.ts'
import { meanError } from '../../core/evaluations/mean-error.ts'
import { binaryReport } from '../../core/evaluations/paired-binary.ts'
import { pairedItems } from '../../core/evaluations/paired-items.ts'
import { pooledError } from '../../core/evaluations/pooled-error.ts'
import { minimumDetectableBinary, POWER, sampleSize } from '../../core/evaluations/power.ts'
import { ALPHA } from '../../core/evaluations/read-change.ts'
import { FEW_CLUSTERS } from '../../core/evaluations/score-interval.ts'
import { binomialError, shareInterval } from '../../core/evaluations/share-interval.ts'
import { averageTrials } from '../../core/evaluations/trials.ts'
import { wilson } from '../../core/evaluations/wilson.ts'
import { winRate } from '../../core/evaluations/win-rate.ts'
import { count, type Family, notNegative, operation, positive, share } from './family.ts'

const scores = z.array(z.number())
/** A level or a power: strictly between 0 and 1. */
const level = z.number().gt(0).lt(1)
const samples = z.number().min(1)
const successes = z
  .object({ k: count, n: z.int().min(1) })
  .refine(({ k, n }) => k <= n, { path: ['k'], error: 'must not exceed n' })

/** One score, two models on the same items, many comparisons, power, preferences, agreement. */
export const statistics: Family = {
  clustered: operation(z.object({ clusters: z.array(scores) }), ({ clusters }) => {
    const errors = clusteredErrors(clusters)
    return {
      mean: errors.mean,
      n: errors.n,
      n_clusters: errors.clusters,
      se_clt: errors.clt,
      se_miller: errors.miller,
      se_cr0: errors.cr0,
      se_cr1: errors.cr1,
      unreliable: errors.clusters < FEW_CLUSTERS,
    }
  }),
  repeated_samples: operation(z.object({ items: z.array(scores.min(1)).min(2) }), ({ items }) => {
    const trials = items.flatMap((own, id) => own.map((score) => ({ id: String(id), cluster: null, score })))
    const { mean, n, se } = meanError(averageTrials(trials).map((item) => item.score))
    return { mean, n, se }
  }),
  binomial_se: operation(z.object({ n: z.int().min(1), p: share }), ({ n, p }) => ({ se: binomialError(p, n) })),
  wilson: operation(successes, ({ k, n }) => {
    const { low, high } = wilson(k / n, n)
    return { lo: low, hi: high }
  }),
  accuracy_ci: operation(successes, ({ k, n }) => {
    const { se, low, high, method } = shareInterval(k / n, n)
    return { mean: k / n, se, lo: low, hi: high, method }
  }),
  pooled_se: operation(z.object({ se: z.array(notNegative.nullable()), n: z.array(z.int().min(1)) }), ({ se, n }) => ({
    pooled_se: pooledError(se, n),
  })),
  paired_binary: operation(
    z.object({ n: z.int().min(1), lost: count, gained: count, acc_ref: share }),
    ({ n, lost, gained, acc_ref }) => {
      const paired = binaryReport(n, lost, gained, acc_ref)
      return {
        delta: paired.delta,
        se_paired: paired.se,
        ci: [paired.low, paired.high],
        se_unpaired: paired.unpairedSe,
        mcnemar_exact_p: paired.p,
        chi2_cc: paired.corrected?.chi2 ?? null,
        p_cc: paired.corrected?.p ?? null,
        chi2: paired.chiSquare?.chi2 ?? null,
        p_chi2: paired.chiSquare?.p ?? null,
        agreement: paired.agreement,
        loss_rate: paired.lossRate,
        gain_rate: paired.gainRate,
      }
    },
  ),
  paired_items: operation(
    z.object({ ref: scores, new: scores, clusters: z.array(z.union([z.string(), z.number()])).optional() }),
    ({ ref, new: after, clusters }) => {
      const labels = clusters?.map(String)
      const paired = pairedItems(ref, after, labels)
      return {
        delta: paired.mean,
        se: paired.se,
        n: paired.n,
        n_clusters: labels ? new Set(labels).size : null,
        gained: paired.gained,
        lost: paired.lost,
        agreement: paired.same / paired.n,
      }
    },
  ),
  tost: operation(z.object({ delta: z.number(), se: notNegative, margin: positive }), ({ delta, se, margin }) => {
    const p = equivalenceP(delta, se, margin)
    return { p, retained: p < ALPHA }
  }),
  multiple: operation(z.object({ p: z.array(share), q: share.default(ALPHA) }), ({ p, q }) => {
    const bh = benjaminiHochberg(p)
    const stepped = holm(p)
    const rejects = (adjusted: number[]) => adjusted.filter((own) => own < q).length
    return { bh, bh_rejects: rejects(bh), holm: stepped, holm_rejects: rejects(stepped) }
  }),
  sample_size: operation(
    z.object({
      delta: z.number(),
      omega2: notNegative,
      sigma2_a: notNegative.default(0),
      sigma2_b: notNegative.default(0),
      k_a: samples.default(1),
      k_b: samples.default(1),
      alpha: level.default(ALPHA),
      power: level.default(POWER),
    }),
    ({ delta, omega2, sigma2_a, sigma2_b, k_a, k_b, alpha, power }) => {
      const variances = { between: omega2, withinA: sigma2_a, withinB: sigma2_b, samplesA: k_a, samplesB: k_b }
      return { n: sampleSize(delta, variances, alpha, power) }
    },
  ),
  mde: operation(z.object({ n: positive, disc: share }), ({ n, disc }) => ({ mde: minimumDetectableBinary(n, disc) })),
  bradley_terry_two: operation(
    z.object({ wins: notNegative, losses: notNegative, ties: notNegative.default(0) }),
    ({ wins, losses, ties }) => {
      const { share, rating, ratingSe } = winRate(wins, losses, ties)
      return { win_rate: share, elo_diff: rating, se: ratingSe }
    },
  ),
  elo_update: operation(
    z.object({
      ra: z.number(),
      rb: z.number(),
      k: notNegative,
      s: z.union([z.literal(1), z.literal(0.5), z.literal(0)]),
    }),
    ({ ra, rb, k, s }) => {
      const { expected, a, b } = eloUpdate(ra, rb, k, s)
      return { expected_a: expected, ra_new: a, rb_new: b }
    },
  ),
  rank_with_ci: operation(
    z.object({
      models: z.array(z.object({ id: z.string(), rating: z.number(), lo: z.number(), hi: z.number() })),
    }),
    ({ models }) => {
      const ranks = ranksOf(models.map(({ lo, hi }) => ({ low: lo, high: hi })))
      return { rank: Object.fromEntries(models.map(({ id }, i) => [id, ranks[i]])) }
    },
  ),
  kappa: operation(z.object({ table: z.array(z.array(notNegative)) }), ({ table }) => {
    const { observed, expected, kappa } = agreement(table)
    return { p_o: observed, p_e: expected, kappa }
  }),
}
