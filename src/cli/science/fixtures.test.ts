import { describe, expect, test } from 'vitest'
import { casesOf, FAMILIES, misses } from '#test/setup/science-cases.ts'
import { answer } from './answer.ts'
import { families } from './families.ts'

test('every family has cases, and every family with cases can be called', () =>
  expect(Object.keys(families).sort()).toEqual(FAMILIES.toSorted()))

describe.each(FAMILIES)('%s', (family) => {
  test.each(casesOf(family).map((own) => [own.id, own] as const))('%s', (_, own) => {
    expect(misses(own, answer(family, JSON.stringify(own.input)))).toEqual([])
  })
})

describe('the comparison', () => {
  const own = {
    id: 'x',
    input: { op: 'x' },
    expected: { a: 1, b: [{ c: 100 }] },
    tolerance: { abs: 0.01, paths: { b: { rel: 0.1 } } },
  }
  const got = (value: unknown, status = 0) => misses(own, { status, json: JSON.stringify(value) })
  test('lets further fields and small distances pass', () =>
    expect(got({ a: 1.009, b: [{ c: 109, d: 1 }], e: 1 })).toEqual([]))
  test.each([
    ['a distance', { a: 1.02, b: [{ c: 100 }] }],
    ['a distance below a path', { a: 1, b: [{ c: 111 }] }],
    ['a missing field', { b: [{ c: 100 }] }],
    ['null for a number', { a: null, b: [{ c: 100 }] }],
    ['a longer array', { a: 1, b: [{ c: 100 }, {}] }],
  ])('finds %s', (_, value) => expect(got(value)).toHaveLength(1))
  test('finds an error, and its absence where one is due', () => {
    expect(got({ error: {} }, 1)).toHaveLength(1)
    const bad = { ...own, expected: { error: true } }
    expect(misses(bad, { status: 0, json: '{"a":1}' })).toHaveLength(1)
    expect(misses(bad, { status: 1, json: '{"error":{}}' })).toEqual([])
  })
})

test.each(FAMILIES)(
  '%s: whatever stands in one field of a case, there is an answer or an error, never a crash',
  (family) => {
    const odd = [
      undefined,
      null,
      'x',
      true,
      -1,
      0,
      1.5,
      1e308,
      -1e308,
      [],
      {},
      [null],
      [[]],
      [0, 0, 0],
      [1, 'x'],
      { a: 1 },
    ]
    for (const { id, input } of casesOf(family))
      for (const field of Object.keys(input).filter((name) => name !== 'op'))
        for (const value of odd) {
          const { status, json } = answer(family, JSON.stringify({ ...input, [field]: value }))
          expect('error' in JSON.parse(json), `${id}: ${field} ${JSON.stringify(value)}`).toBe(status === 1)
        }
  },
)

describe('bad input is refused with a code and a sentence that names the field', () => {
  test.each([
    ['statistics', '{"op":"wilson","k":11,"n":10}', 'bad_input', /^k: must not exceed n/],
    ['statistics', '{"op":"wilson","n":10}', 'bad_input', /^k: /],
    ['statistics', '{"op":"paired_items","ref":[1],"new":[1,0]}', 'bad_input', /ref has 1 scores, new has 2/],
    ['statistics', '{"op":"mean"}', 'unknown_op', /"op" is "mean"; it may be .*wilson/],
    ['statistics', '{"op":"constructor"}', 'unknown_op', /constructor/],
    ['statistics', '[]', 'unknown_op', /missing/],
    ['statistics', 'null', 'unknown_op', /missing/],
    ['statistics', '{"op":', 'not_json', /not JSON/],
    ['bpb', '{"op":"documents","documents":[]}', 'bad_input', /0 bytes/],
    [
      'forgetting',
      '{"op":"lineage","scores":{"a":{},"b":{}},"parents":{"a":["b"],"b":["a"]}}',
      'bad_input',
      /descends from itself/,
    ],
    [
      'forgetting',
      '{"op":"lineage","scores":{"a":{},"b":{},"m":{}},"parents":{"m":["a","b"]},"merge_weights":{"m":{"a":0.5,"b":0.6}}}',
      'bad_input',
      /merge_weights.m: must add up to 1/,
    ],
    [
      'forgetting',
      '{"op":"replay_tradeoff","reference_retention_loss":2,"rows":[]}',
      'bad_input',
      /exactly one row has 0 %/,
    ],
    ['forgetting', '{"op":"window","col":[1,2],"intro_index":2}', 'bad_input', /0 to 1, got 2/],
    ['forgetting', '{"op":"matrix","R":[[1],[2]]}', 'bad_input', /row 1 of R has 1 cells/],
  ])('%s %s', (family, input, code, message) => expectRefusal(answer(family, input), code, message))
  test.each(['planner', 'vram', 'health', 'toString', undefined])('the family %s is not known', (family) =>
    expectRefusal(answer(family, '{"op":"decide"}'), 'unknown_family', /it may be bpb, /),
  )
})

function expectRefusal({ status, json }: ReturnType<typeof answer>, code: string, message: RegExp) {
  expect(status).toBe(1)
  expect(JSON.parse(json)).toEqual({ error: { code, message: expect.stringMatching(message) } })
}
