import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import olmo from '#test/fixtures/publish/olmo-2.json' with { type: 'json' }
import tulu from '#test/fixtures/publish/tulu-3-8b.json' with { type: 'json' }
import type { BenchmarkKind } from '../evaluations/benchmarks.ts'
import { csvTable } from './csv.ts'
import { frontMatter, hubName } from './front-matter.ts'
import { categoryGroups, groupTable } from './group-table.ts'
import { latexText } from './latex.ts'
import { markdownText, parseMarkdownTable } from './markdown.ts'
import { countNote, protocolNote, protocolWords } from './protocol-note.ts'
import type { GridBenchmark, GridScore, ScoreGrid } from './score-grid.ts'
import { scoreSentence, scoreTable } from './stage-by-benchmark.ts'
import { ladderTable, ladderTokens, modelTable, type StageFacts, stageTable } from './stage-table.ts'
import { turned } from './table.ts'
import { trialTable } from './trials-table.ts'

const fixture = (name: string) =>
  readFileSync(new URL(`../../../test/fixtures/publish/${name}`, import.meta.url), 'utf8')
const score = (value: number, more: Partial<GridScore> = {}): GridScore => ({
  value,
  half: null,
  n: null,
  trials: 1,
  protocol: 'a',
  ...more,
})
const benchmark = (name: string, more: Partial<GridBenchmark> = {}): GridBenchmark => ({
  slug: name.toLowerCase(),
  name,
  category: 'knowledge',
  kind: 'accuracy',
  higherIsBetter: true,
  unit: null,
  ...more,
})
const grid = (names: readonly string[], columns: Readonly<Record<string, readonly (number | null)[]>>): ScoreGrid => ({
  stages: Object.keys(columns).map((name) => ({ name })),
  benchmarks: names.map((name) => benchmark(name)),
  scores: names.map((_, i) => Object.values(columns).map((column) => (column[i] == null ? null : score(column[i])))),
})
const textsOf = (rows: readonly (readonly { text: string }[])[]) => rows.map((row) => row.map(({ text }) => text))

describe('Tülu 3 8B, as its card prints it', () => {
  const of = grid(tulu.benchmarks, tulu.scores)
  const printed = { title: 'Tülu 3 8B', ...scoreTable(of, { decimals: 1, intervals: false }) }

  test('is reproduced digit for digit as Markdown, LaTeX and CSV', () => {
    expect(markdownText(printed)).toBe(fixture('tulu-3-8b.md'))
    expect(latexText(printed)).toBe(fixture('tulu-3-8b.tex'))
    expect(csvTable(printed.table)).toBe(fixture('tulu-3-8b.csv'))
  })

  test('pasted as Markdown parses to the same cells: twelve rows and the average', () => {
    const parsed = parseMarkdownTable(fixture('tulu-3-8b.md'))
    expect(parsed).toEqual(printed.table)
    const columns = [tulu.scores.SFT, tulu.scores.DPO, tulu.scores.RLVR]
    expect(textsOf(parsed?.rows ?? []).slice(0, 12)).toEqual(
      tulu.benchmarks.map((name, i) => [name, ...columns.map((column) => column[i]?.toFixed(1))]),
    )
    expect(textsOf(parsed?.rows ?? [])[12]).toEqual(['average (12)', ...tulu.average])
  })

  test('names the worst cell beside the average that rises from 60.4 to 64.8', () =>
    expect(textsOf(printed.table.rows)[13]).toEqual(['worst', '–', 'Safety −5.9', 'Safety −7.6']))

  test('says the average’s rise and the worst cell in one sentence', () =>
    expect(scoreSentence(of, 1)).toBe('Average of 12 accuracies 60.4 → 64.8; worst: Safety −7.6'))

  test('has a last row with what was lost at RLVR against the best ancestor', () => {
    const lost = of.scores.map(([sft, dpo, rlvr]) => Math.max(sft?.value ?? 0, dpo?.value ?? 0) - (rlvr?.value ?? 0))
    const { table, notes } = scoreTable(of, { decimals: 1, intervals: false, lost })
    const across = turned(table)
    const last = across.rows.at(-1) ?? []
    expect(textsOf([last])[0]).toEqual(['lost at RLVR against the best ancestor', ...tulu.lost, '0.70', 'Safety 7.6'])
    expect(last.filter((cell) => cell.strong).map(({ text }) => text)).toEqual(['7.6'])
    expect(notes.at(-1)).toContain('mean signed 0.70, mean of losses only 1.32, 7 of 12 lost')
  })
})

describe('OLMo 2', () => {
  test.each(['7B', '13B'] as const)('the mean gain of mid-training at %s is read from the cells', (size) => {
    const { table } = scoreTable(grid(olmo.benchmarks, olmo[size]), { decimals: 1, intervals: false, changeFrom: 0 })
    const [average, worst] = textsOf(table.rows.slice(-2))
    expect(average).toEqual(['average (10)', ...olmo.average[size], olmo.mean_gain[size]])
    // Nothing fell: the worst cell is the smallest gain, and it is named all the same.
    expect(worst?.slice(2)).toEqual(
      size === '7B' ? ['WinoGrande +1.4', 'WinoGrande +1.4'] : ['HellaSwag +1.6', 'HellaSwag +1.6'],
    )
  })
})

describe('a table of scores', () => {
  const mixed = (kinds: readonly BenchmarkKind[]): ScoreGrid => ({
    stages: [{ name: 'A' }, { name: 'B' }],
    benchmarks: kinds.map((kind, i) =>
      benchmark(`b${i}`, { kind, higherIsBetter: kind !== 'loss', unit: kind === 'loss' ? 'bpb' : null }),
    ),
    scores: kinds.map((kind, i) => (kind === 'loss' ? [score(2 + i / 10), score(2.5)] : [score(50 + i), score(40)])),
  })

  test('never averages accuracies, losses and rates together', () => {
    const { table } = scoreTable(mixed(['accuracy', 'accuracy', 'loss', 'loss', 'rate', 'rate']), {
      decimals: 1,
      intervals: false,
    })
    expect(textsOf(table.rows.slice(-6))).toEqual([
      ['average, accuracies (2)', '50.5', '40.0'],
      ['worst, accuracies', '–', 'b1 −11.0'],
      ['average, losses (2)', '2.250', '2.500'],
      ['worst, losses', '–', 'b2 +0.300'],
      ['average, rates (2)', '54.5', '40.0'],
      ['worst, rates', '–', 'b5 −15.0'],
    ])
  })

  test('has no mean of one benchmark', () =>
    expect(scoreTable(mixed(['accuracy', 'loss']), { decimals: 1, intervals: false }).footRows).toBe(0))

  test('says what was not measured, never 0, and tells no mean below 0.8 of its benchmarks', () => {
    const of = grid(['a', 'b', 'c'], { A: [10, 20, null], B: [10, 20, 30] })
    const { table, notes } = scoreTable(of, { decimals: 0, intervals: false })
    expect(textsOf(table.rows)).toEqual([
      ['a', '10', '10'],
      ['b', '20', '20'],
      ['c', 'not measured', '30'],
      ['average (2 of 3)', 'cannot be compared', 'cannot be compared'],
      ['worst', '–', 'a 0'],
    ])
    expect(notes[0]).toBe('Means are over benchmarks that all stages share under one protocol, without c.')
  })

  test('marks a score of another protocol and keeps it out of means, changes and worst cells', () => {
    const of = grid(['a', 'b', 'c', 'd', 'e', 'f'], { A: [90, 2, 2, 2, 2, 2], B: [10, 3, 3, 3, 3, 3] })
    const other = {
      ...of,
      scores: of.scores.map((row, i) => (i === 0 ? [score(90, { protocol: 'old' }), row[1] ?? null] : row)),
    }
    const { table, notes } = scoreTable(other, { decimals: 0, intervals: false, changeFrom: 0 })
    expect(textsOf(table.rows)[0]).toEqual(['a', '≠ 90', '10', 'cannot be compared'])
    expect(textsOf(table.rows.slice(-2))).toEqual([
      ['average (5 of 6)', '2', '3', '+1.0'],
      ['worst', '–', 'b +1', 'b +1'],
    ])
    expect(notes[0]).toContain('≠ was measured under another protocol')
  })

  test('prints half-widths where there are any', () => {
    const of = { ...grid(['a'], { A: [50] }), scores: [[score(50, { half: 1.25 })]] }
    expect(textsOf(scoreTable(of, { decimals: 1, intervals: true }).table.rows)).toEqual([['a', '50.0 ± 1.3']])
  })
})

describe('a table of trials', () => {
  const three = { n: 1319, trials: 3 }
  const of: ScoreGrid = {
    ...grid(['GSM8K', 'MATH'], { base: [1, 1], RL: [1, 1] }),
    scores: [
      [score(40.2, { ...three, half: 1.4 }), score(45.9, { ...three, half: 1.3 })],
      [score(20, { n: 500, trials: 3, half: 2.1 }), score(20.5, { n: 500, trials: 3, half: 2.2 })],
    ],
  }

  test('counts items, not items × trials, and says paired or unpaired, significant or not', () => {
    const changes = [
      { change: 5.7, half: 1.1, isSignificant: true, pairedN: 1319 },
      { change: 0.5, half: 2, isSignificant: false, pairedN: null },
    ]
    expect(textsOf(trialTable(of, changes, { decimals: 1 }).table.rows)).toEqual([
      ['GSM8K (1,319 items × 3 trials)', '40.2 ± 1.4', '45.9 ± 1.3', '+5.7 ± 1.1, paired'],
      ['MATH (500 items × 3 trials)', '20.0 ± 2.1', '20.5 ± 2.2', '+0.5 ± 2.0, not significant, unpaired'],
    ])
  })

  test('says that n was not published', () =>
    expect(textsOf(trialTable(grid(['a'], { A: [1] }), [], { decimals: 1 }).table.rows)[0]?.[0]).toBe(
      'a (n not published)',
    ))
})

describe('capability groups', () => {
  const of: ScoreGrid = {
    stages: [{ name: 'A' }, { name: 'B' }],
    benchmarks: [
      benchmark('MMLU'),
      benchmark('PopQA'),
      benchmark('Perplexity', { kind: 'loss', higherIsBetter: false, unit: 'bpb' }),
      benchmark('GSM8K', { category: 'maths' }),
    ],
    scores: [
      [score(60), score(70)],
      [score(30), score(24)],
      [score(2), score(2.1)],
      [score(20), score(80)],
    ],
  }

  test('show their mean with the worst member, and a loss in a row of its own', () =>
    expect(textsOf(groupTable(of, categoryGroups(of.benchmarks), { decimals: 1 }).table.rows)).toEqual([
      ['knowledge (2 accuracies)', '45.0', '47.0 (worst PopQA −6.0)'],
      ['knowledge (1 loss)', '2.000', '2.100 (+0.100)'],
      ['maths (1 accuracy)', '20.0', '80.0 (+60.0)'],
    ]))

  test('may be one’s own, and what is in none is named', () => {
    const { table, notes } = groupTable(of, [{ name: 'facts and sums', members: ['mmlu', 'gsm8k'] }], { decimals: 1 })
    expect(textsOf(table.rows)).toEqual([['facts and sums (2 accuracies)', '40.0', '75.0 (worst MMLU +10.0)']])
    expect(notes[1]).toBe('In no group: PopQA, Perplexity.')
  })
})

describe('stages of one model', () => {
  const facts = (more: Partial<StageFacts>): StageFacts => ({
    stage: { text: 'stage 1' },
    params: null,
    tokens: null,
    from: 'random weights',
    data: null,
    method: null,
    devices: null,
    deviceHours: null,
    cost: null,
    checkpoint: null,
    run: null,
    isPublished: true,
    ...more,
  })

  test('OLMo 2 32B: the soup counts stage 1 once, 6.56T trained in all, 6.36T along the longest path', () => {
    const soup = [
      facts({ tokens: 6.06e12 }),
      ...[1e11, 1e11, 3e11].map((tokens) => facts({ stage: { text: 'ingredient' }, from: 'stage 1', tokens })),
      facts({ stage: { text: 'soup' }, tokens: 0, from: '1/3 × each' }),
    ]
    expect(stageTable(soup, 6.36e12).notes).toEqual([
      '6.56T tokens trained in all, every stage once; 6.36T along the longest path.',
    ])
  })

  test('tell what was not published from what was not measured and from a price that is missing', () => {
    const { table } = stageTable(
      [facts({}), facts({ isPublished: false, deviceHours: 12 }), facts({ cost: '$5' })],
      null,
    )
    const cost = table.columns.findIndex(({ name }) => name === 'cost')
    expect(textsOf(table.rows).map((row) => [row[2], row[cost]])).toEqual([
      ['not published', 'not published'],
      ['not measured', 'price missing'],
      ['not published', '$5'],
    ])
  })
})

test('models by stage: a shared base stands in both columns, and each cell says where it was initialised from', () => {
  const base = {
    word: 'Pretrain',
    kindWord: 'Pretrain',
    checkpoint: { text: 'base', href: '/c/1' },
    from: 'random weights',
  }
  const stage = (word: string, from: string, kindWord = `kind of ${word}`) => ({
    word,
    kindWord,
    checkpoint: { text: word.toLowerCase() },
    from,
  })
  const table = modelTable([
    {
      model: { text: 'Think' },
      stages: [base, stage('Midtrain', 'base'), stage('SFT', 'midtrain'), stage('DPO', 'sft')],
    },
    {
      model: { text: 'Instruct' },
      stages: [base, stage('SFT', 'base'), stage('SFT', 'sft'), { ...stage('DPO', 'sft 2'), checkpoint: null }],
    },
  ])
  expect(textsOf(table.rows)).toEqual([
    ['Pretrain', 'base (random weights)', 'base (random weights)'],
    ['Midtrain', 'midtrain (base)', ''],
    ['SFT', 'sft (midtrain)', 'sft (base)'],
    ['SFT 2', '', 'sft (sft)'],
    ['DPO', 'dpo (sft)', 'no checkpoint yet (sft 2)'],
  ])
  expect(table.rows[0]?.[2]?.href).toBe('/c/1')
})

test('one kind is one row: where a stage has no finer word than its kind, its like stand beside it', () => {
  const path = (word: string) => ({
    model: { text: word },
    stages: [{ word, kindWord: 'Preference', checkpoint: { text: word }, from: 'x' }],
  })
  const rows = (...words: string[]) => modelTable(words.map(path)).rows.map((row) => row[0]?.text)
  expect(rows('DPO', 'Preference')).toEqual(['Preference'])
  expect(rows('DPO', 'DPO')).toEqual(['DPO'])
})

test('models of different depth: no stage stands above what it was made from', () => {
  const path = (...words: string[]) => ({
    model: { text: words.join() },
    stages: words.map((word) => ({ word, kindWord: `kind of ${word}`, checkpoint: { text: word }, from: 'x' })),
  })
  const { rows } = modelTable([
    path('base', 'SFT', 'SFT', 'SFT'),
    path('base', 'mid', 'long', 'SFT'),
    path('base', 'long', 'RL'),
  ])
  expect(rows.map((row) => row[0]?.text)).toEqual(['base', 'mid', 'long', 'SFT', 'RL', 'SFT 2', 'SFT 3'])
})

describe('the ladder of checkpoints', () => {
  const perStep = 2_359_296
  test.each([
    [40_000, 94_371_840_000],
    [4_720_000, 11_135_877_120_000],
  ])('SmolLM3 at step %d has seen %d tokens', (step, tokens) =>
    expect(ladderTokens({ step, tokens: null, tokensPerStep: perStep })).toEqual({ tokens, isDerived: true }),
  )

  test('prefers what a run counted, derives the rest and says so, and knows when it cannot tell', () => {
    const at = { stage: 'pre-training 1', checkpoint: { text: 'x' }, evaluated: 2 }
    const { table, notes } = ladderTable([
      { ...at, step: 40_000, tokens: null, tokensPerStep: perStep },
      { ...at, step: 80_000, tokens: 5, tokensPerStep: perStep },
      { ...at, step: 80_000, tokens: null, tokensPerStep: null },
    ])
    expect(textsOf(table.rows).map((row) => row[2])).toEqual(['94,371,840,000', '5', 'not measured'])
    expect(notes).toEqual(['Tokens = step × 2,359,296 where the run counted none.'])
  })
})

describe('footnotes', () => {
  test('name the protocols, those alike together', () => {
    expect(
      protocolWords(
        { task: 'mmlu', shots: 0, prompt_template: 'CoT', harness: 'lm-eval', harness_version: '0.4.13' },
        'acc',
      ),
    ).toBe('0 shot, CoT, acc, lm-eval 0.4.13')
    expect(protocolWords({ task: 'x', prompt_template: '{prompt}', extraction: 'none: log-likelihood' }, 'f1')).toBe(
      'f1',
    )
    expect(
      protocolNote([
        { name: 'MMLU', words: '0 shot' },
        { name: 'PopQA', words: '15 shot' },
        { name: 'BBH', words: '0 shot' },
      ]),
    ).toBe('Protocols. MMLU, BBH: 0 shot · PopQA: 15 shot.')
  })

  test('say what has no n', () => {
    expect(countNote([{ name: 'MMLU', n: null }])).toBe('n: not published, so the scores have no interval.')
    expect(
      countNote([
        { name: 'MMLU', n: 14042 },
        { name: 'Safety', n: null },
      ]),
    ).toBe('n: MMLU 14,042; not published for Safety.')
  })
})

describe('the head of a model card', () => {
  test.each([
    ['allenai/Llama-3.1-Tulu-3-8B-SFT', 'allenai/Llama-3.1-Tulu-3-8B-SFT'],
    ['meta-llama/Llama-3.1-8B@main', 'meta-llama/Llama-3.1-8B'],
    ['hf://allenai/OLMo-2', 'allenai/OLMo-2'],
    ['https://huggingface.co/allenai/OLMo-2/tree/stage1', 'allenai/OLMo-2'],
    ['Llama 3.1 8B', null],
    ['s3://bucket/path/model.pt', null],
    ['/data/run/checkpoint', null],
    [null, null],
  ])('the base %j has the hub name %j', (place, name) => expect(hubName(place, 'name')).toBe(name))

  test('a location is a hub’s only where it says so: a folder looks like a name', () => {
    expect(hubName('outputs/checkpoint-500', 'location')).toBeNull()
    expect(hubName('hf://allenai/OLMo-2', 'location')).toBe('allenai/OLMo-2')
  })

  test('names its bases and how it came from them; random weights have none', () => {
    expect(
      frontMatter({ bases: ['a/b'], relation: 'adapter', datasets: ['d/e', 'd/e'], license: 'apache-2.0' }),
    ).toEqual({
      base_model: 'a/b',
      base_model_relation: 'adapter',
      datasets: ['d/e'],
      license: 'apache-2.0',
      tags: ['descent'],
    })
    expect(frontMatter({ bases: ['a/b', 'c/d'], relation: 'merge', datasets: [], license: null }).base_model).toEqual([
      'a/b',
      'c/d',
    ])
    expect(frontMatter({ bases: [], relation: 'finetune', datasets: [], license: null })).toEqual({ tags: ['descent'] })
  })
})
