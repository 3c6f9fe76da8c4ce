import { describe, expect, test } from 'vitest'
import { fieldText } from './field.ts'
import { matches, type Scalar, type SearchedRun } from './matches.ts'
import { parseSearch } from './parse-search.ts'

const NOW = Date.parse('2026-11-29T12:00Z')

const base = runOf({ name: ['base'], stage: ['base', 'pretrain'] }, ['base'])
const run: SearchedRun = runOf(
  {
    name: ['sft_replay s1'],
    number: [12],
    state: ['finished'],
    stage: ['sft_replay', 'instruction'],
    tag: ['keep', 'Seed 1'],
    created: [Date.parse('2026-11-24T10:00:30Z')],
    duration: [5400],
    'config.lr': [3e-4],
    'config.seed': ['1'],
    'config.flag': [true],
    'metrics.loss': [Number.NaN],
    'metrics.loss.min': [0.5],
  },
  ['sft_replay s1', 'the *best* so far', 'keep', 'Seed 1'],
  [base],
)

describe('a run satisfies', () => {
  test.each([
    ['', true],
    ['BEST', true],
    ['"seed 1" and not worst', true],
    ['name = sft_replay', false],
    ['name : REPLAY', true],
    ['name ~ ^sft', true],
    ['name ~ ^SFT', false],
    ['name !~ ^SFT', true],
    ['number = 12', true],
    ['number in (1, 12)', true],
    ['stage = instruction and stage = sft_replay', true],
    ['tag = keep', true],
    ['tag = Keep', false],
    ['tag != keep', false],
    ['tag not in (a, "Seed 1")', false],
    ['duration >= 90m and duration < 2h', true],
    ['config.seed = 1', false],
    ['config.seed != 1', true],
    ['config.seed = "1"', true],
    ['config.flag = true', true],
    ['config.flag = "true"', false],
    ['config.lr : 3', false],
    ['created = 2026-11-24', true],
    ['created > 2026-11-24', false],
    ['created >= 2026-11-24', true],
    ['created <= 2026-11-24', true],
    ['created < 2026-11-24', false],
    ['created = 2026-11-24T10:00Z', true],
    ['created = 2026-11-24T10:00:31Z', false],
    ['created > -7d', true],
    ['created = today', false],
    ['ancestor(stage = pretrain)', true],
    ['ancestor(name ~ sft)', false],
    ['descendant(base)', false],
  ])('%s: %s', (text, expected) => expect(asked(text)).toBe(expected))
})

describe('a missing value satisfies no test, and every negated one', () => {
  test.each([
    ['cost < 1', false],
    ['cost >= 1', false],
    ['cost = 1', false],
    ['cost != 1', true],
    ['not cost < 1', true],
    ['cost in (1)', false],
    ['cost not in (1)', true],
    ['agent ~ .', false],
    ['agent !~ .', true],
    ['agent : a', false],
    ['cost is missing', true],
    ['cost is not missing', false],
    ['metrics.loss is missing', false],
    ['metrics.loss < 1 or metrics.loss >= 1', false],
    ['metrics.loss != 1', true],
  ])('%s: %s', (text, expected) => expect(asked(text)).toBe(expected))
})

function asked(text: string): boolean {
  const read = parseSearch(text)
  if (read.kind === 'error') throw new Error(`expected ${read.expected} at ${read.at}`)
  return matches(read.expr, run, NOW)
}

function runOf(values: Record<string, Scalar[]>, words: string[], ancestors: SearchedRun[] = []): SearchedRun {
  return {
    valuesOf: (field) => values[fieldText(field)] ?? [],
    words,
    ancestors: () => ancestors,
    descendants: () => [],
  }
}
