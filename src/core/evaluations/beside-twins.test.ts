import fc from 'fast-check'
import { expect, test } from 'vitest'
import { besideTwins } from './beside-twins.ts'

const ordered = (...pairs: [string, string | null][]) =>
  besideTwins(
    pairs.map(([slug, twin]) => ({ slug, twin })),
    (row) => row,
  ).map((row) => row.slug)

test('a twin stands directly behind the benchmark that names it, wherever it was', () => {
  expect(ordered(['harm', 'xstest'], ['mmlu', null], ['xstest', null])).toEqual(['harm', 'xstest', 'mmlu'])
  expect(ordered(['xstest', null], ['mmlu', null], ['harm', 'xstest'])).toEqual(['mmlu', 'harm', 'xstest'])
})

test('two that name each other stay together, the first in front', () => {
  expect(ordered(['a', 'b'], ['x', null], ['b', 'a'])).toEqual(['a', 'b', 'x'])
})

test('a twin that is not among them changes nothing', () => {
  expect(ordered(['harm', 'xstest'], ['mmlu', null])).toEqual(['harm', 'mmlu'])
})

test('nothing is lost and nothing doubled, whoever names whom', () => {
  const slug = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ slug, twin: fc.option(slug, { nil: null }) }), { selector: (row) => row.slug }),
      (rows) => {
        const placed = besideTwins(rows, (row) => row)
        expect(placed.map((row) => row.slug).sort()).toEqual(rows.map((row) => row.slug).sort())
      },
    ),
  )
})
