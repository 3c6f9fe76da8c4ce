/**
 * What intervals and tests promise, by simulation: 1,000 replications of each from a fixed seed. Of 95 % intervals that are right, 1,000
 * cover the truth at least 929 times, and of tests of a true null at 0.05 at most 71 reject, each in 998 of 1,000 simulations
 * (three standard deviations of a binomial).
 */
import { describe, expect, test } from 'vitest'
import { seededUniform } from './bootstrap.ts'
import { equivalenceP } from './equivalence.ts'
import { type ChangeEstimate, changeBetween } from './paired-change.ts'
import { type ScoreInterval, scoreInterval } from './score-interval.ts'
import type { SlimItem } from './slim-item.ts'

const REPLICATIONS = 1000
const COVERAGE_MIN = 0.929
const REJECTED_MAX = 0.071
/** Of a bootstrap within a simulation: the ends of one interval are rougher than a page's, which costs a little coverage. */
const RESAMPLES = 200

/** A second or two each when the machine is free. */
const TIMEOUT_MS = 120_000

type Draw = () => number

describe('a 95 % interval covers the truth', { timeout: TIMEOUT_MS }, () => {
  test.each<[string, number, (uniform: Draw) => ScoreInterval, RegExp]>([
    ['Wilson, n 50, p 0.9', 0.9, (uniform) => interval(bits(50, 0.9, uniform)), /^Wilson$/],
    ['normal, n 400, p 0.6', 0.6, (uniform) => interval(bits(400, 0.6, uniform)), /^normal$/],
    ['t, n 60, skewed scores', 1 / 3, (uniform) => interval(scores(60, () => uniform() ** 2)), /^t$/],
    [
      't, 20 clusters of 10, intra-class correlation 0.3',
      0,
      (uniform) => interval(passages(20, 10, normal(uniform))),
      /^clustered t, 20/,
    ],
    ['bootstrap of macro-F1, n 300', MACRO_F1, (uniform) => interval(labels(300, uniform), 'macro_f1'), /^bootstrap/],
    [
      't over documents, bits per byte, n 60',
      0.8,
      (uniform) => interval(documents(60, uniform), 'bits_per_byte'),
      /^clustered t, 60/,
    ],
  ])('%s', (_, truth, draw, method) => {
    const share = shareOf((uniform) => {
      const { low, high, method: used } = draw(uniform)
      expect(used).toMatch(method)
      return covers({ low, high }, truth)
    })
    expect(share).toBeGreaterThanOrEqual(COVERAGE_MIN)
  })
  test.each<[string, number, (uniform: Draw) => ChangeEstimate, RegExp]>([
    ['paired 0/1, n 200', -0.05, (uniform) => pairedBits(200, 0.15, 0.1, uniform), /McNemar/],
    ['paired scores, n 200', -0.1, (uniform) => pairedScores(200, -0.1, normal(uniform)), /^paired t$/],
  ])('of a change, %s', (_, truth, draw, method) => {
    const share = shareOf((uniform) => {
      const change = draw(uniform)
      expect(change.method).toMatch(method)
      return covers(change, truth)
    })
    expect(share).toBeGreaterThanOrEqual(COVERAGE_MIN)
  })
})

describe('a test at 0.05 seldom rejects a true null', { timeout: TIMEOUT_MS }, () => {
  test.each<[string, (uniform: Draw) => ChangeEstimate, RegExp]>([
    ['McNemar exact, n 200', (uniform) => pairedBits(200, 0.12, 0.12, uniform), /McNemar/],
    ['paired t, n 60', (uniform) => pairedScores(60, 0, normal(uniform)), /^paired t$/],
    [
      'clustered t of 0/1 items, 40 passages of 10',
      (uniform) => pairedPassages(40, 10, uniform),
      /clustered t over 40/,
    ],
    ['paired bootstrap of macro-F1, n 300', (uniform) => pairedLabels(300, uniform), /^paired bootstrap/],
    ['paired drift over 60 documents', (uniform) => pairedDocuments(60, uniform), /^paired drift over 60/],
    ['unpaired z, n 400 each', (uniform) => unpairedBits(400, uniform), /^unpaired z/],
  ])('%s', (_, draw, method) => {
    const share = shareOf((uniform) => {
      const { p, method: used } = draw(uniform)
      expect(used).toMatch(method)
      return p !== null && p < 0.05
    })
    expect(share).toBeLessThanOrEqual(REJECTED_MAX)
  })
  test('equivalence, when the change is just the margin', () => {
    const share = shareOf((uniform) => {
      const { change, se } = pairedScores(200, -0.3, normal(uniform))
      return equivalenceP(change, se ?? Number.NaN, 0.3) < 0.05
    })
    expect(share).toBeLessThanOrEqual(REJECTED_MAX)
    expect(share).toBeGreaterThan(0.02)
  })
})

/** The share of replications of which something holds. */
function shareOf(holds: (uniform: Draw) => boolean): number {
  const uniform = seededUniform(20_261_129)
  let held = 0
  for (let i = 0; i < REPLICATIONS; i++) if (holds(uniform)) held++
  return held / REPLICATIONS
}

const covers = ({ low, high }: { low: number | null; high: number | null }, truth: number): boolean =>
  low !== null && high !== null && low <= truth && truth <= high

function normal(uniform: Draw): Draw {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

const NOTHING = {
  trial: null,
  cluster: null,
  score: null,
  nats: null,
  bytes: null,
  tokens: null,
  pred: null,
  gold: null,
}
const items = (n: number, of: (i: number) => Partial<SlimItem>): SlimItem[] =>
  Array.from({ length: n }, (_, i) => ({ id: String(i), ...NOTHING, ...of(i) }))
const scores = (n: number, draw: Draw) => items(n, () => ({ score: draw() }))
const bits = (n: number, share: number, uniform: Draw) => scores(n, () => Number(uniform() < share))

const interval = (drawn: SlimItem[], metric = 'acc'): ScoreInterval =>
  scoreInterval(
    { metric, kind: 'accuracy', score: 0.5, scale: 1, stderr: null, n: drawn.length, nClusters: null },
    drawn,
    RESAMPLES,
  )

const side = (drawn: SlimItem[], metric: string) => ({ metric, score: 0.5, scale: 1 as const, se: null, items: drawn })
const change = (before: SlimItem[], after: SlimItem[], metric = 'acc'): ChangeEstimate =>
  changeBetween(side(before, metric), side(after, metric), RESAMPLES)

/** Scores with mean 0 and variance 1, of which clusters share 0.3. */
function passages(clusters: number, size: number, gauss: Draw): SlimItem[] {
  const shared = Array.from({ length: clusters }, () => Math.sqrt(0.3) * gauss())
  return items(clusters * size, (i) => {
    const cluster = Math.floor(i / size)
    return { cluster: String(cluster), score: (shared[cluster] ?? 0) + Math.sqrt(0.7) * gauss() }
  })
}

/** Three classes of 0.5, 0.3 and 0.2, each named rightly in 0.7 of the cases, else one of the other two. */
const SHARES = [0.5, 0.3, 0.2]
const RIGHT = 0.7
const MACRO_F1 =
  SHARES.reduce(
    (sum, share) => sum + (2 * RIGHT * share) / (share + RIGHT * share + ((1 - RIGHT) / 2) * (1 - share)),
    0,
  ) / SHARES.length
const goldOf = (uniform: Draw): number => {
  const at = uniform()
  return at < 0.5 ? 0 : at < 0.8 ? 1 : 2
}
const predOf = (gold: number, uniform: Draw): number =>
  uniform() < RIGHT ? gold : (gold + 1 + Math.floor(uniform() * 2)) % 3
const labels = (n: number, uniform: Draw, golds = Array.from({ length: n }, () => goldOf(uniform))): SlimItem[] =>
  items(n, (i) => ({ gold: String(golds[i]), pred: String(predOf(golds[i] ?? 0, uniform)) }))

function pairedLabels(n: number, uniform: Draw): ChangeEstimate {
  const golds = Array.from({ length: n }, () => goldOf(uniform))
  return change(labels(n, uniform, golds), labels(n, uniform, golds), 'macro_f1')
}

/** Documents of 200 to 2,000 bytes at 0.8 bits per byte, each with a level of its own. */
const sizes = (n: number, uniform: Draw) => Array.from({ length: n }, () => 200 + Math.floor(1800 * uniform()))
const documents = (n: number, uniform: Draw, bytes = sizes(n, uniform)): SlimItem[] =>
  items(n, (i) => ({
    bytes: bytes[i] ?? 0,
    nats: (bytes[i] ?? 0) * Math.LN2 * 0.8 * (0.5 + uniform()),
  }))

function pairedDocuments(n: number, uniform: Draw): ChangeEstimate {
  const bytes = sizes(n, uniform)
  return change(documents(n, uniform, bytes), documents(n, uniform, bytes), 'bits_per_byte')
}

/** 0/1 items of which a share is lost and a share gained. */
function pairedBits(n: number, lost: number, gained: number, uniform: Draw): ChangeEstimate {
  const at = Array.from({ length: n }, uniform)
  const before = items(n, (i) => ({ score: Number((at[i] ?? 0) < lost || (at[i] ?? 0) >= 0.5) }))
  const after = items(n, (i) => ({
    score: Number((at[i] ?? 0) >= 0.5 || ((at[i] ?? 0) >= lost && (at[i] ?? 0) < lost + gained)),
  }))
  return change(before, after)
}

function pairedScores(n: number, shift: number, gauss: Draw): ChangeEstimate {
  const before = scores(n, gauss)
  return change(
    before,
    items(n, (i) => ({ score: (before[i]?.score ?? 0) + shift + gauss() })),
  )
}

/** 0/1 items of passages that a model understands or does not: no difference on the whole, and items of one passage move together. */
function pairedPassages(clusters: number, size: number, uniform: Draw): ChangeEstimate {
  const model = (): SlimItem[] => {
    const levels = Array.from({ length: clusters }, () => (uniform() < 0.5 ? 0.8 : 0.4))
    return items(clusters * size, (i) => {
      const cluster = Math.floor(i / size)
      return { cluster: String(cluster), score: Number(uniform() < (levels[cluster] ?? 0)) }
    })
  }
  return change(model(), model())
}

function unpairedBits(n: number, uniform: Draw): ChangeEstimate {
  const measured = () => {
    const drawn = bits(n, 0.6, uniform)
    const score = drawn.reduce((sum, item) => sum + (item.score ?? 0), 0) / n
    return { metric: 'acc', score, scale: 1 as const, se: interval(drawn).se, items: [] }
  }
  return changeBetween(measured(), measured())
}
