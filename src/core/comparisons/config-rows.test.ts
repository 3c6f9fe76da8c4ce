import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { configRows, configText, isLong, leafWords } from './config-rows.ts'

const differing = (...configs: Parameters<typeof configRows>[0]) =>
  configRows(configs)
    .filter(({ differs }) => differs)
    .map(({ path }) => path.join('.'))

describe('configs side by side', () => {
  test('nested keys are rows of their own, and only those that say something else differ', () => {
    const one = { lr: 0.1, data: { rows: { task: 40 }, seed: 1 } }
    const other = { lr: 0.1, data: { rows: { task: 28, instruction: 12 }, seed: 1 } }
    expect(configRows([one, other]).map(({ path }) => path.join('.'))).toEqual([
      'lr',
      'data.rows.task',
      'data.rows.instruction',
      'data.seed',
    ])
    expect(differing(one, other)).toEqual(['data.rows.task', 'data.rows.instruction'])
  })

  test('1 is not "1", a list is one value, and a key that one config lacks is a difference', () => {
    expect(differing({ a: 1, b: [1, 2] }, { a: '1', b: [1, 2] })).toEqual(['a'])
    expect(differing({ a: null }, {})).toEqual(['a'])
  })

  test('a run without a config is no difference', () => {
    expect(differing({ a: 1 }, null)).toEqual([])
    expect(configRows([null, null])).toEqual([])
  })

  test('a key that is a value here and a group there has a row for each', () => {
    expect(configRows([{ opt: 'adam' }, { opt: { name: 'adam' } }]).map(({ path }) => path.join('.'))).toEqual([
      'opt',
      'opt.name',
    ])
  })

  test('of a config with itself nothing differs, whatever is in it, and every value has its row', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer()))
    const config = fc.dictionary(fc.string(), fc.oneof(leaf, fc.dictionary(fc.string(), leaf)))
    fc.assert(
      fc.property(config, (one) => {
        const rows = configRows([one, structuredClone(one)])
        const count = Object.values(one).reduce<number>(
          (sum, value) => sum + (isGroup(value) ? Object.keys(value).length : 1),
          0,
        )
        return rows.length === count && rows.every(({ differs }) => !differs)
      }),
    )
  })
})

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0

describe('a config as text', () => {
  test('is indented by groups, and a text of several lines stands below its key', () => {
    const rows = configRows([{ train: { lr: 0.1, data: { rows: 40 } }, prompt: 'first\nsecond' }])
    expect(configText(rows, 0)).toBe(
      ['train:', '  lr: 0.1', '  data:', '    rows: 40', 'prompt: |', '  first', '  second', ''].join('\n'),
    )
  })

  test('of a run without a config is empty', () => expect(configText(configRows([null]), 0)).toBe(''))
})

test('a long value and one of several lines is a text', () => {
  const leaf = (value: unknown) => JSON.stringify(value)
  expect([isLong(leaf('short')), isLong(leaf('a\nb')), isLong(leaf('x'.repeat(80)))]).toEqual([false, true, true])
  expect([leafWords(leaf('a "b"')), leafWords(leaf(1)), leafWords(leaf([1, 'a']))]).toEqual(['a "b"', '1', '[1,"a"]'])
})
