import { expect, test } from 'vitest'
import type { StageCard } from '#src/protocol/lineage.ts'
import { bandsOf, changeAlong, type Lane, tokenTicks, tokenX } from './strip-model.ts'

const card = (number: number, tokens: number | null) => ({ number, tokens }) as StageCard

test('bands are as wide as their tokens and fill the width', () => {
  const { bands, toScale } = bandsOf([card(1, 750), card(2, 250)], 1_000)
  expect(bands.map((b) => [b.x, b.width])).toEqual([
    [0, 750],
    [750, 250],
  ])
  expect(toScale).toBe(true)
})

test('a stage that logged no tokens gets 84 px', () => {
  const { bands } = bandsOf([card(1, 100), card(2, null)], 1_084)
  expect(bands.map((b) => b.width)).toEqual([1_000, 84])
})

test('stages without any tokens share the width', () => {
  const { bands } = bandsOf([card(1, null), card(2, null)], 1_000)
  expect(bands.map((b) => b.width)).toEqual([500, 500])
})

test('a stage of few tokens is widened, and that is said', () => {
  const { bands, toScale } = bandsOf([card(1, 1e12), card(2, 1e6)], 1_000)
  expect(bands.map((b) => b.width)).toEqual([896, 104])
  expect(toScale).toBe(false)
})

test('ticks are round and end before the total', () => {
  expect(tokenTicks(2_010_000, 8)).toEqual([0, 500_000, 1_000_000, 1_500_000, 2_000_000])
})

test('a number of tokens lies in its band', () => {
  const { bands } = bandsOf([card(1, 750), card(2, 250)], 1_000)
  expect(tokenX(875, bands)).toBe(875)
})

test('a change along the path is marked as better or worse by the direction of its benchmark, hollow where intervals overlap', () => {
  expect(changeAlong(lane({ higher: false }, [2, null], [3, null]))).toEqual({ change: 1, ink: 'lost', mark: '▼' })
  expect(changeAlong(lane({ higher: true }, [2, null], [3, null]))).toEqual({ change: 1, ink: 'gained', mark: '▲' })
  expect(changeAlong(lane({ higher: true }, [2, 1], [3, 1]))).toEqual({ change: 1, ink: 'grey', mark: '△' })
  expect(changeAlong(lane({ higher: true }, [3, 1], [2, 1]))).toEqual({ change: -1, ink: 'grey', mark: '▽' })
  expect(changeAlong(lane({ higher: true }, [2, null], [2, null]))).toEqual({ change: 0, ink: 'grey', mark: '' })
})

/** A lane of scores with the half-widths of their intervals; null: none. */
function lane({ higher }: { higher: boolean }, ...scores: (readonly [score: number, half: number | null])[]): Lane {
  const dots = scores.map(([score, half]) => ({
    score,
    low: half === null ? null : score - half,
    high: half === null ? null : score + half,
  }))
  return { benchmark: { higher_is_better: higher }, dots } as unknown as Lane
}
