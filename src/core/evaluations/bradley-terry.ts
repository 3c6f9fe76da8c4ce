/**
 * Ratings of models from battles between pairs (Bradley and Terry 1952; Chiang et al. 2024, arXiv 2403.04132):
 * `P(i beats j) = 1/(1 + exp(β_j − β_i))`, a tie counts half to each side, `rating = 1000 + (400/ln 10)·(β − β_anchor)`.
 * Fitted by the minorise–maximise steps of Hunter 2004 (doi 10.1214/aos/1079120141), which always converge where a fit exists:
 * where every model can be reached from every other by a chain of wins or ties (Ford 1957). Intervals are percentiles of a bootstrap
 * over prompts, or over battles that name none.
 */
import { groupBy } from '../lineage/group-by.ts'
import { bootstrap, percentile } from './bootstrap.ts'
import { ELO_SCALE, ELO_START, ranksOf } from './elo.ts'

export interface Battle {
  a: string
  b: string
  /** Of a: 1 won, 0.5 tied, 0 lost. */
  score: 1 | 0.5 | 0
  /** What both answered; several judgements of one prompt are drawn together. */
  prompt?: string
}

export interface RatedModel {
  id: string
  rating: number
  /** Ends of the 95 % interval; null when too few resamples could be rated. The anchor's is its rating. */
  low: number | null
  high: number | null
  /** 1 + the number of models whose interval lies wholly above; null without intervals. */
  rank: number | null
}

export type Ratings =
  | { kind: 'rated'; models: RatedModel[]; rounds: number }
  /** Some models never won or tied against the rest: their distance is undefined. Show win rates instead. */
  | { kind: 'undefined'; apart: string[] }

/** Resamples of an interval, and the fewest that must allow a fit. */
export const BATTLE_ROUNDS = 200
const ROUNDS_MIN = 100

/**
 * Ratings of all models that battled, the best first.
 *
 * @param anchor the model that is rated 1000
 * @param rounds resamples, at least 100
 * @throws RangeError when the anchor has no battle, or a model battles itself
 */
export function bradleyTerry(battles: readonly Battle[], anchor: string, rounds = BATTLE_ROUNDS): Ratings {
  const ids = [...new Set(battles.flatMap(({ a, b }) => [a, b]))]
  const at = new Map(ids.map((id, i) => [id, i]))
  const origin = at.get(anchor)
  if (origin === undefined) throw new RangeError(`The anchor "${anchor}" has no battle; name one of ${ids.join(', ')}.`)
  const own = battles.find(({ a, b }) => a === b)
  if (own) throw new RangeError(`"${own.a}" battles itself; leave such rows out.`)
  const pairs: Pair[] = battles.map(({ a, b, ...rest }) => ({ a: at.get(a) ?? 0, b: at.get(b) ?? 0, ...rest }))
  const all = winsOf(ids.length, [pairs])
  const apart = outOfReach(all, origin)
  if (apart.length > 0) return { kind: 'undefined', apart: apart.map((i) => ids[i] ?? '') }

  const best = ratingsOf(all, origin)
  const units = [...groupBy(pairs, (pair) => pair.prompt ?? pair).values()]
  const drawn: number[][] = []
  bootstrap(
    units.length,
    (chosen) => {
      const wins = winsOf(ids.length, drawnUnits(units, chosen))
      if (outOfReach(wins, origin).length === 0) drawn.push(ratingsOf(wins, origin, best))
      return null
    },
    rounds,
  )
  const ends = ids.map((_, i) => {
    const sorted = drawn.map((ratings) => ratings[i] ?? 0).sort((x, y) => x - y)
    return { low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) }
  })
  const ranks = ranksOf(ends)
  const isKnown = drawn.length >= ROUNDS_MIN
  const models = ids.map((id, i) => ({
    id,
    rating: best[i] ?? ELO_START,
    low: isKnown ? (ends[i]?.low ?? null) : null,
    high: isKnown ? (ends[i]?.high ?? null) : null,
    rank: isKnown ? (ranks[i] ?? null) : null,
  }))
  return { kind: 'rated', models: models.sort((x, y) => y.rating - x.rating), rounds: drawn.length }
}

interface Pair {
  a: number
  b: number
  score: number
  prompt?: string
}

/** Wins of row over column, ties as half. */
function winsOf(n: number, units: Iterable<readonly Pair[]>): number[][] {
  const flat = new Float64Array(n * n)
  for (const unit of units) {
    for (const pair of unit) {
      const [won, lost] = [pair.a * n + pair.b, pair.b * n + pair.a]
      flat[won] = (flat[won] ?? 0) + pair.score
      flat[lost] = (flat[lost] ?? 0) + 1 - pair.score
    }
  }
  return Array.from({ length: n }, (_, i) => [...flat.subarray(i * n, (i + 1) * n)])
}

function* drawnUnits(units: readonly (readonly Pair[])[], chosen: Int32Array): Iterable<readonly Pair[]> {
  for (const at of chosen) yield units[at] ?? []
}

/** Models that no chain of wins leads to from the origin, or from which none leads back. */
function outOfReach(wins: readonly (readonly number[])[], origin: number): number[] {
  const reach = (beats: (i: number, j: number) => boolean) => {
    const seen = new Set([origin])
    for (const i of seen) for (let j = 0; j < wins.length; j++) if (beats(i, j)) seen.add(j)
    return seen
  }
  const below = reach((i, j) => (wins[i]?.[j] ?? 0) > 0)
  const above = reach((i, j) => (wins[j]?.[i] ?? 0) > 0)
  return wins.flatMap((_, i) => (below.has(i) && above.has(i) ? [] : [i]))
}

const STEPS_MAX = 10_000
const CLOSE = 1e-10

/** Ratings by the MM steps `π_i ← W_i / Σ_j n_ij/(π_i + π_j)`, from those of `start`; the origin stays at 1000. */
function ratingsOf(wins: readonly (readonly number[])[], origin: number, start?: readonly number[]): number[] {
  const unit = ELO_SCALE / Math.LN10
  let strengths = wins.map((_, i) => (start ? Math.exp(((start[i] ?? ELO_START) - ELO_START) / unit) : 1))
  for (let step = 0, moved = 1; step < STEPS_MAX && moved > CLOSE; step++) {
    const raised = wins.map((row, i) => {
      let [won, share] = [0, 0]
      for (let j = 0; j < row.length; j++) {
        won += row[j] ?? 0
        const battles = (row[j] ?? 0) + (wins[j]?.[i] ?? 0)
        if (battles > 0) share += battles / ((strengths[i] ?? 1) + (strengths[j] ?? 1))
      }
      return won / share
    })
    const anchor = raised[origin] ?? 1
    const next = raised.map((strength) => strength / anchor)
    moved = Math.max(...next.map((strength, i) => Math.abs(Math.log(strength / (strengths[i] ?? 1)))))
    strengths = next
  }
  return strengths.map((strength) => ELO_START + unit * Math.log(strength))
}
