import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { evaluationOfCell } from './lm-eval-evaluation.ts'
import { type LmEvalResults, readLmEvalResults } from './lm-eval-results.ts'
import { filterNamer, itemOfSample, readSample, surveySamples } from './lm-eval-samples.ts'
import { modelOfArguments } from './model-name.ts'
import { parseTolerantJson } from './tolerant-json.ts'

const GOLDEN = path.resolve('test/fixtures/golden/lm-eval')

describe.each([
  ['0.4.13', 12],
  ['0.4.3', 13],
] as const)('files of %s', (version, cells) => {
  const file = goldenOf(version)
  const results = read(file)

  test('give every metric of every task and group, to the last digit', () => {
    const want = Object.entries(file.results).flatMap(([task, row]) =>
      Object.entries(row).flatMap(([key, value]) => {
        const [metric = '', filter] = key.split(',')
        if (filter === undefined || metric.endsWith('_stderr')) return []
        const stderr = row[`${metric}_stderr,${filter}`]
        return [[task, metric, filter, value, stderr === 'N/A' ? null : stderr]]
      }),
    )
    expect(results.cells.map((c) => [c.task, c.metric, c.filter, c.score, c.stderr])).toEqual(want)
    expect(want).toHaveLength(cells)
  })
  test.each([
    ['words_choice', 'acc', 'none', 37],
    ['words_choice', 'acc_norm', 'none', 37],
    ['words_rolling', 'bits_per_byte', 'none', 9],
    ['words_rolling', 'word_perplexity', 'none', 9],
    ['words_answer', 'exact_match', 'flexible-extract', 16],
    ['words_answer', 'exact_match', 'strict-match', 16],
  ])('have the items of %s %s under %s', (task, metric, filter, n) =>
    expect(surveyOf(version, task, [metric]).itemsFor(cell(results, task, metric, filter), 1)).toEqual({
      kind: 'items',
      n,
    }),
  )
  test('name the group after the metric that its tasks are named after', () =>
    expect(
      results.cells
        .filter((c) => c.isHeadline)
        .map((c) => `${c.task} ${c.metric}`)
        .sort(),
    ).toEqual([
      'words_answer exact_match',
      'words_choice acc',
      'words_group acc',
      'words_opposites acc',
      'words_rolling word_perplexity',
    ]))
  test('pair their documents with those of other versions', () => {
    const idsOf = (v: string) => {
      const survey = surveyOf(v, 'words_choice', ['acc'])
      return samplesOf(v, 'words_choice').map(survey.idOf)
    }
    expect(idsOf(version)).toEqual(idsOf('0.4.13'))
  })
})

describe('a results file of 0.4.13', () => {
  const file = goldenOf('0.4.13')
  const results = read(file)

  test('reads N/A as missing', () => expect(cell(results, 'words_rolling', 'bits_per_byte').stderr).toBeNull())
  test('keeps a standard error of 0 apart from a missing one', () =>
    expect(cell(results, 'words_answer', 'exact_match', 'strict-match').stderr).toBe(0))
  test('takes the orientation from the file', () =>
    expect(results.cells.filter((c) => !c.higherIsBetter).map((c) => c.metric)).toEqual([
      'word_perplexity',
      'byte_perplexity',
      'bits_per_byte',
    ]))
  test('knows the tasks of a group and their items together', () =>
    expect(cell(results, 'words_group', 'acc')).toMatchObject({ subtasks: ['words_choice', 'words_opposites'], n: 50 }))
  test('says which model, when, and with which version', () =>
    expect(results).toMatchObject({
      model: 'org/tiny-model',
      harnessVersion: '0.4.13',
      measuredAtMs: Math.round((file.date ?? 0) * 1000),
    }))
  test('gives a task’s first metric the task’s own name, and each other one a name of its own', () =>
    expect(results.cells.map((c) => evaluationOfCell(results, c, 'f').benchmark.slug)).toEqual([
      'words-choice',
      'words-choice-acc-norm',
      'words-opposites',
      'words-opposites-acc-norm',
      'words-rolling',
      'words-rolling-byte-perplexity',
      'words-rolling-bits-per-byte',
      'words-answer',
      'words-answer-bleu-strict-match',
      'words-answer-exact-match-flexible-extract',
      'words-answer-bleu-flexible-extract',
      'words-group',
    ]))
  test('gives two filters two protocols', () => {
    const protocol = (filter: string) =>
      evaluationOfCell(results, cell(results, 'words_answer', 'exact_match', filter), 'f').protocol
    expect(protocol('strict-match').extraction).toContain('answer: ')
    expect(protocol('flexible-extract')).toEqual({
      ...protocol('strict-match'),
      extraction: expect.stringContaining('flexible-extract'),
    })
  })
  test('has a protocol of task, version, data, split, shots, prompt, decoding and harness', () =>
    expect(
      evaluationOfCell(results, cell(results, 'words_answer', 'exact_match', 'strict-match'), 'f').protocol,
    ).toEqual({
      task: 'words_answer',
      task_version: '3',
      dataset: 'json/words_answer.jsonl',
      split: 'test',
      shots: 0,
      prompt_template:
        '{"description":"","doc_to_text":"{{question}}","doc_to_target":"{{answer}}","target_delimiter":" ","fewshot_delimiter":"\\n\\n"}',
      apply_chat_template: false,
      extraction: 'strict-match: [{"function":"regex","regex_pattern":"answer: (\\\\w+)"},{"function":"take_first"}]',
      metric: 'exact_match',
      decoding: '{"do_sample":false,"until":["\\n"]}',
      harness: 'lm-evaluation-harness',
      harness_version: '0.4.13',
      engine: 'dummy',
      batch_size: 1,
    }))
  test('has no tokenizer to compare where bytes or words are counted', () => {
    const tokenizer = (metric: string) =>
      evaluationOfCell(results, cell(results, 'words_rolling', metric), 'f').protocol.tokenizer
    expect([tokenizer('bits_per_byte'), tokenizer('word_perplexity')]).toEqual([undefined, 'words, split at blanks'])
  })
})

describe('samples of 0.4.13', () => {
  const results = read(goldenOf('0.4.13'))

  test.each([
    ['words_answer', 'bleu', 'strict-match', /over the whole corpus/],
    ['words_rolling', 'byte_perplexity', 'none', /over the whole corpus/],
  ])('are none of %s %s, and say why', (task, metric, filter, why) =>
    expect(surveyOf('0.4.13', task, [metric]).itemsFor(cell(results, task, metric, filter), 1)).toEqual({
      kind: 'none',
      why: expect.stringMatching(why),
    }),
  )
  test('are known by the hash of their document, doubles in the order of doc_id', () => {
    const samples = samplesOf('0.4.13', 'words_choice')
    const survey = surveySamples(['acc'])
    for (const sample of [...samples].reverse()) survey.see(sample)
    const ids = samples.map(survey.idOf)
    expect(new Set(ids).size).toBe(37)
    expect([ids[4], ids[30], ids[36]]).toEqual([ids[4], `${ids[4]}-2`, `${ids[4]}-3`])
  })
  test('say what was asked, answered and expected', () => {
    const [sample] = samplesOf('0.4.13', 'words_choice')
    const item = sample && itemOfSample(sample, 'x', cell(results, 'words_choice', 'acc'))
    expect(item).toEqual({
      id: 'x',
      hash: '10b1fd465d72e1d0a50c88255facd3539fce15972d8c191fec8576f1ac8fc984',
      score: 0,
      prompt: 'Which word has 5 letters and begins with r (question 0)?',
      output: expect.any(String),
      expected: 'river',
    })
    expect(['bottle', 'bridge', 'winter']).toContain(item?.output)
  })
  test('of a generation hold the answer after the filter', () => {
    const lol = samplesOf('0.4.13', 'words_answer').find((s) => s.filter === 'flexible-extract')
    expect(
      lol && itemOfSample(lol, 'x', cell(results, 'words_answer', 'exact_match', 'flexible-extract')),
    ).toMatchObject({
      score: 1,
      output: 'lol',
      expected: 'lol',
    })
  })
  test('of a likelihood hold nats and bytes', () => {
    const [text] = samplesOf('0.4.13', 'words_rolling')
    const item = text && itemOfSample(text, 'x', cell(results, 'words_rolling', 'bits_per_byte'))
    expect(item?.bytes).toBe(Buffer.byteLength('bottle mountain silver winter forest — naïve café.'))
    expect(item?.nats).toBeGreaterThan(0)
    expect(item?.output).toBeUndefined()
  })
  test('of another filter are no items of this one', () => {
    const strict = samplesOf('0.4.13', 'words_answer').find((s) => s.filter === 'strict-match')
    expect(
      strict && itemOfSample(strict, 'x', cell(results, 'words_answer', 'exact_match', 'flexible-extract')),
    ).toBeNull()
  })
  test('that are fewer than the file says are not attached', () => {
    const survey = surveySamples(['acc'])
    for (const sample of samplesOf('0.4.13', 'words_choice').slice(1)) survey.see(sample)
    expect(survey.itemsFor(cell(results, 'words_choice', 'acc'), 1)).toEqual({
      kind: 'none',
      why: '36 of 37 samples could be read',
    })
  })
  test('with another mean than the score are not attached', () => {
    const survey = surveyOf('0.4.13', 'words_choice', ['acc'])
    const other = { ...cell(results, 'words_choice', 'acc'), score: 0.5 }
    expect(survey.itemsFor(other, 1)).toMatchObject({ kind: 'none', why: expect.stringContaining('the score is 0.5') })
  })
  test('a value that is NaN is named', () => {
    const survey = surveySamples(['acc'])
    const sample = readSample(parseTolerantJson('{"doc_id": 7, "doc_hash": "ab", "filter": "none", "acc": NaN}'))
    if (typeof sample !== 'string') survey.see(sample)
    expect(survey.itemsFor({ ...cell(results, 'words_choice', 'acc'), n: 1 }, 1)).toEqual({
      kind: 'none',
      why: '"acc" of document 7 is NaN',
    })
  })
})

describe('a results file of 0.3', () => {
  const results = read(JSON.parse(fs.readFileSync(path.join(GOLDEN, '0.3', 'results.json'), 'utf8')))

  test('has metrics without filters, and no n', () =>
    expect(results.cells.map((c) => [c.record, c.score, c.stderr, c.n])).toEqual([
      ['hellaswag,acc', 0.4373630750846445, 0.004950598300667432, null],
      ['hellaswag,acc_norm', 0.5637323242381995, 0.004949080334816024, null],
      ['lambada_openai,ppl', 10.67857712981163, 0.3194894423842432, null],
      ['lambada_openai,acc', 0.5189209198525131, 0.006961048424961394, null],
      ['wikitext,word_perplexity', 26.9170143281, null, null],
      ['wikitext,bits_per_byte', 0.8881729264, null, null],
    ]))
  test('knows its orientation by the metric’s name', () =>
    expect(results.cells.map((c) => c.higherIsBetter)).toEqual([true, true, false, true, false, false]))
  test('says what it is', () =>
    expect(results).toMatchObject({
      model: 'EleutherAI/pythia-1b',
      revision: 'step143000',
      harnessVersion: '0.3',
      measuredAtMs: null,
    }))
  test('takes shots from the call', () =>
    expect(evaluationOfCell(results, cell(results, 'hellaswag', 'acc', null), 'f').protocol).toMatchObject({
      task: 'hellaswag',
      task_version: '0',
      shots: 5,
      harness_version: '0.3',
    }))
})

describe('what cannot be read', () => {
  test.each([
    ['no object', [1]],
    ['no results', { configs: {} }],
    ['a list of results', { results: [] }],
  ])('%s is no results file', (_, value) =>
    expect(readLmEvalResults(value)).toMatchObject({ kind: 'other', why: expect.stringContaining('no "results"') }),
  )
  test('a bad record is skipped with its reason, the rest is read', () => {
    const results = read(
      parseTolerantJson(
        '{"results": {"a": {"acc,none": NaN, "f1,none": "high"}, "b": 3, "c": {"alias": " ", "acc,none": 0.5}, "g": {" ": " ", "alias": "g"}}}',
      ),
    )
    expect(results.cells.map((c) => c.record)).toEqual(['c,acc,none'])
    expect(results.skipped).toEqual([
      { record: 'a,acc,none', reason: 'is NaN; a score must be a finite number' },
      { record: 'a,f1,none', reason: 'is "high", no number' },
      { record: 'b', reason: 'is no table of metrics' },
    ])
  })
  test('a task may have any name', () =>
    expect(read({ results: { constructor: { 'toString,none': 0.5 } }, versions: {} }).cells).toMatchObject([
      { record: 'constructor,toString,none', score: 0.5, higherIsBetter: true, subtasks: [] },
    ]))
  test('a group that contains itself ends', () => {
    const results = read({ results: { g: { 'acc,none': 1 } }, group_subtasks: { g: ['h'], h: ['g', 'a'] } })
    expect(results.cells[0]?.subtasks).toEqual(['g', 'a'])
  })
  test.each([[null], [{ doc_id: 'x' }], [[]]])('%j is no sample', (value) =>
    expect(readSample(value)).toEqual(expect.any(String)),
  )
})

describe('the name of a model', () => {
  test.each([
    ['pretrained=org/base,dtype=float32', { name: 'org/base', base: null, revision: null }],
    ['pretrained=org/base,revision=step1000', { name: 'org/base', base: null, revision: 'step1000' }],
    ['pretrained=org/base,peft=runs/adapter', { name: 'runs/adapter', base: 'org/base', revision: null }],
    [
      { pretrained: 'org/base', delta: 'd' },
      { name: 'd', base: 'org/base', revision: null },
    ],
    [{ engine: 'davinci' }, { name: 'davinci', base: null, revision: null }],
    ['', null],
    [{ dtype: 'x' }, null],
    [7, null],
  ])('%j', (args, want) => expect(modelOfArguments(args)).toEqual(want))
  test('is not what the harness made up', () =>
    expect(read({ results: {}, config: { model_args: {} }, model_name: 'quiet-otter' }).model).toBeNull())
})

interface GoldenFile {
  results: Record<string, Record<string, unknown>>
  date?: number
}

function folderOf(version: string): string {
  const [model] = fs.readdirSync(path.join(GOLDEN, version))
  return path.join(GOLDEN, version, model ?? '')
}

function goldenOf(version: string): GoldenFile {
  const folder = folderOf(version)
  const name = fs.readdirSync(folder).find((file) => file.startsWith('results_'))
  return JSON.parse(fs.readFileSync(path.join(folder, name ?? ''), 'utf8'))
}

function samplesOf(version: string, task: string) {
  const folder = folderOf(version)
  const name = fs.readdirSync(folder).find((file) => file.startsWith(`samples_${task}_`))
  const lines = fs
    .readFileSync(path.join(folder, name ?? ''), 'utf8')
    .trim()
    .split('\n')
  const named = filterNamer(task === 'words_answer' ? ['strict-match', 'flexible-extract'] : ['none'])
  return lines
    .map((line) => readSample(parseTolerantJson(line)))
    .filter((sample) => typeof sample !== 'string')
    .map(named)
}

function surveyOf(version: string, task: string, metrics: string[]) {
  const survey = surveySamples(metrics)
  for (const sample of samplesOf(version, task)) survey.see(sample)
  return survey
}

function read(value: unknown): LmEvalResults {
  const answer = readLmEvalResults(value)
  if (answer.kind !== 'results') throw new Error(answer.why)
  return answer.results
}

function cell(results: LmEvalResults, task: string, metric: string, filter: string | null = 'none') {
  const found = results.cells.find((c) => c.task === task && c.metric === metric && c.filter === filter)
  if (!found) throw new Error(`no ${task} ${metric} ${filter}`)
  return found
}
