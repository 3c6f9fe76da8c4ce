import { describe, expect, test } from 'vitest'
import { readScoreFiles } from './score-files.ts'
import { readCsvTable, readJsonTable } from './table-rows.ts'

describe('a table', () => {
  test('knows the line on which each row begins, also behind a cell of two lines and an empty line', () => {
    const { columns, rows } = readCsvTable('Benchmark,score\nmmlu,0.5\n"two\nlines",0.6\n\ngsm,0.7\n')
    expect(columns).toEqual(['benchmark', 'score'])
    expect(rows).toEqual([
      { at: 'line 2', cells: { benchmark: 'mmlu', score: '0.5' } },
      { at: 'line 3', cells: { benchmark: 'two\nlines', score: '0.6' } },
      { at: 'line 6', cells: { benchmark: 'gsm', score: '0.7' } },
    ])
  })
  test('knows the line on which a row begins whose cell holds an empty line', () =>
    expect(readCsvTable('benchmark,score\n"two\n\nlines",0.6\ngsm,0.7\n').rows.map(({ at }) => at)).toEqual([
      'line 2',
      'line 5',
    ]))
  test('reads a last row without a line feed', () => expect(readCsvTable('a,b\n1,2').rows).toHaveLength(1))
  test('says which row has more cells than the head', () =>
    expect(readCsvTable('a,b\n1,2,3\n').rows).toEqual([{ at: 'line 2', cells: 'has 3 cells, the head has 2' }]))
  test('of JSON lines names the line that is broken', () =>
    expect(readJsonTable('{"a":1}\n\n{"a":\n[1]\n').rows.map(({ at, cells }) => [at, cells])).toEqual([
      ['line 1', { a: 1 }],
      ['line 3', 'is no whole JSON object'],
      ['line 4', 'is no JSON object'],
    ]))
  test('of one JSON array counts records', () =>
    expect(readJsonTable('[{"a":1},\n{"a":2}]').rows.map(({ at }) => at)).toEqual(['record 1', 'record 2']))
})

describe('files of scores', () => {
  test('a column that means nothing is told with the nearest known one, and the rest is read', () => {
    const { files, drafts } = readScoreFiles([csv('benchmark,score,shot,colour\nmmlu,0.5,5,red\n')])
    expect(files[0]?.columns).toEqual([
      { name: 'benchmark', ignored: null },
      { name: 'score', ignored: null },
      { name: 'shot', ignored: '(did you mean shots?)' },
      { name: 'colour', ignored: 'not a column here' },
    ])
    expect(drafts[0]?.evaluation).toMatchObject({ benchmark: 'mmlu', score: 0.5, source: 'scores.csv' })
  })
  test('each row that cannot be read is a fault with its line, and the others are drafts', () => {
    const { files, drafts } = readScoreFiles([csv('benchmark,score,n\nmmlu,0.5,10\ngsm,"0,6",10\narc,0.7,0\n')])
    expect(files[0]?.faults).toEqual([
      { at: 'line 3', reason: 'has score "0,6" with a decimal comma; write a point' },
      { at: 'line 4', reason: 'has n 0; leave it empty where it is not known' },
    ])
    expect(drafts.map(({ at }) => at)).toEqual(['line 2'])
  })
  test.each([
    ['', 'is empty'],
    ['name,value\na,1\n', 'has no column benchmark and no column score (it has name, value)'],
  ])('a file that is none says why (%j)', (text, why) =>
    expect(readScoreFiles([csv(text)]).files[0]).toMatchObject({
      kind: 'other',
      faults: [{ at: 'the file', reason: expect.stringContaining(why) }],
    }),
  )
  test('a table with a head alone says that it has no row', () =>
    expect(readScoreFiles([csv('benchmark,score\n')]).files[0]?.faults[0]?.reason).toBe('has a head and no row'))

  const results = {
    name: 'results_2026-01-02T03-04-05.000001.json',
    text: JSON.stringify({
      results: { toy: { alias: 'toy', 'acc,none': 0.5, 'acc_stderr,none': 0.5 } },
      configs: { toy: { task: 'toy', metadata: { version: 1 } } },
      versions: { toy: 1 },
      'n-shot': { toy: 0 },
      'n-samples': { toy: { original: 2, effective: 2 } },
      config: { model: 'hf', model_args: { pretrained: 'org/sft' } },
    }),
  }
  const sample = (doc: number, acc: number) =>
    JSON.stringify({
      doc_id: doc,
      doc_hash: `${doc}`.repeat(20),
      filter: 'none',
      acc,
      target: '0',
      arguments: [],
      filtered_resps: [],
    })
  const samples = {
    name: 'samples_toy_2026-01-02T03-04-05.000001.jsonl',
    text: `${sample(1, 1)}\n${sample(2, 0)}\n`,
  }

  test('samples become the items of their results, in whatever order the files come', () => {
    const { files, drafts } = readScoreFiles([samples, results])
    expect(files.map(({ kind, faults }) => [kind, faults])).toEqual([
      ['samples', []],
      ['lm_eval', []],
    ])
    expect(drafts).toMatchObject([{ checkpoint: 'org/sft', at: 'toy,acc,none', withoutItems: null }])
    expect(drafts[0]?.evaluation.items.map(({ score }) => score)).toEqual([1, 0])
  })
  test('samples that do not give the score stay behind, with the reason', () => {
    const other = { ...samples, text: `${sample(1, 1)}\n${sample(2, 1)}\n` }
    expect(readScoreFiles([other, results]).drafts[0]).toMatchObject({
      evaluation: { items: [] },
      withoutItems: 'the score is 0.5, the samples give 1 by their mean',
    })
  })
  test('samples without their results say what is missing', () =>
    expect(readScoreFiles([samples]).files[0]?.faults[0]?.reason).toContain('add the results_….json'))

  function csv(text: string) {
    return { name: 'scores.csv', text }
  }
})
