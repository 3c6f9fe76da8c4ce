import { expect, test } from 'vitest'
import type { StageCard } from '#src/protocol/lineage.ts'
import { bandsOf, tokenTicks, tokenX } from './strip-model.ts'

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
