import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readHistogram } from './histogram-text.ts'
import { placeAt, seriesOf, stepsOf } from './media-steps.ts'
import { previewKind } from './preview-kind.ts'
import { readTableText } from './table-text.ts'

test('how a file is shown is told from its name, and what may hold scripts is text or stands in a frame', () => {
  expect(previewKind({ name: 'media/a/1.png', type: 'anything' })).toBe('image')
  expect(previewKind({ name: 'x.SVG', type: 'image' })).toBe('text')
  expect(previewKind({ name: 'report.html', type: 'image' })).toBe('page')
  expect(previewKind({ name: 'h.json', type: 'histogram' })).toBe('histogram')
  expect(previewKind({ name: 'model.safetensors', type: 'text' })).toBeNull()
  expect(previewKind({ name: 'png', type: 'image' })).toBeNull()
})

test('media of a key are a series of steps, each with all that was logged at it', () => {
  const item = (key: string, step: number, id: string) => ({ key, step, type: 'text', id })
  const series = seriesOf([item('a', 1, 'x'), item('a', 1, 'y'), item('a', 5, 'z'), item('b', 2, 'w')])
  expect(series.map((s) => [s.key, s.steps, s.items.map((at) => at.map((i) => i.id))])).toEqual([
    ['a', [1, 5], [['x', 'y'], ['z']]],
    ['b', [2], [['w']]],
  ])
  expect(stepsOf(series)).toEqual([1, 2, 5])
})

test('at a step stands what was logged last at or before it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(50)), fc.nat(60), (list, at) => {
      const steps = list.sort((a, b) => a - b)
      const place = placeAt(steps, at)
      expect(steps.filter((step) => step <= at).length).toBe(place + 1)
    }),
  )
})

test('tables are read from CSV, TSV and JSON lines; of a text that was cut the last line is left out', () => {
  expect(readTableText('t.csv', 'a,b\n1,"x,\ny"\n2', true)).toEqual({
    columns: ['a', 'b'],
    rows: [
      ['1', 'x,\ny'],
      ['2', null],
    ],
  })
  expect(readTableText('t.csv', 'a,b\n1,2\n3,', false)?.rows).toEqual([['1', '2']])
  expect(readTableText('t.tsv', 'a\tb\r\n1\t2\r\n', true)).toEqual({ columns: ['a', 'b'], rows: [['1', '2']] })
  expect(readTableText('t.jsonl', '{"a":1}\n{"b":[2],"a":null}\n', true)).toEqual({
    columns: ['a', 'b'],
    rows: [
      [1, null],
      [null, '[2]'],
    ],
  })
  expect(readTableText('t.jsonl', '[1]\n', true)).toBeNull()
})

test('a histogram has one edge more than counts, and anything else is none', () => {
  expect(readHistogram('{"edges":[0,1,2],"counts":[3,4],"not_finite":1}')).toEqual({
    edges: [0, 1, 2],
    counts: [3, 4],
    notFinite: 1,
  })
  for (const text of ['', '[]', '{"edges":[0],"counts":[1]}', '{"edges":[0,"1"],"counts":[1]}'])
    expect(readHistogram(text)).toBeNull()
})
