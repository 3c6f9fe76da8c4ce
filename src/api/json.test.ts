import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { Refusal } from '#src/services/errors.ts'
import { JSON_DEPTH_MAX, JSON_TOKENS_MAX, parseJson, parseShape } from './json.ts'

const parse = (text: string) => parseJson(Buffer.from(text))
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

function refusal(work: () => unknown): Refusal {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('Nothing was refused.')
}

describe('a document', () => {
  test(`of ${JSON_DEPTH_MAX} levels is taken, of one more refused before it is parsed`, () => {
    expect(parse(nested(JSON_DEPTH_MAX))).toBeDefined()
    expect(refusal(() => parse(nested(JSON_DEPTH_MAX + 1))).message).toContain('32 levels')
    expect(refusal(() => parse(nested(200_000))).code).toBe('invalid_request')
  })

  test('brackets and quotes inside strings do not count', () => {
    expect(parse(JSON.stringify({ a: `${'['.repeat(100)}"\\"${'{'.repeat(100)}` }))).toBeDefined()
  })

  test('of too many values is refused', () => {
    expect(refusal(() => parse(`[${'1,'.repeat(JSON_TOKENS_MAX + 1)}1]`)).message).toContain('Send it in parts')
  })

  test('with text that cannot be stored is refused with the place; whole pairs pass', () => {
    const told = refusal(() => parse('{"items": [{"output": "fine"}, {"output": "a\\u0000b"}]}'))
    expect(told.detail.errors).toMatchObject([{ pointer: '/items/1/output' }])
    expect(refusal(() => parse('{"name": "\\uD83D"}')).message).toContain('/name holds U+0000 or half')
    expect(refusal(() => parse('{"tags": {"a\\u0000": 1}}')).detail.errors).toMatchObject([{ pointer: '/tags' }])
    expect(parse('{"name": "\\ud83d\\ude00", "note": "\\\\u0000"}')).toEqual({ name: '😀', note: '\\u0000' })
  })

  test('that is no JSON is refused with the place', () => {
    expect(refusal(() => parse('{"a":')).message).toContain('not valid JSON')
  })
})

describe('a value that does not fit its shape', () => {
  const shape = z.object({ stage: z.enum(['task', 'domain']), share: z.array(z.number()) })

  test('is told with pointer, value and what is expected', () => {
    const told = refusal(() => parseShape(shape, { stage: 'taks', share: [1, 'x'] }))
    expect(told.detail.errors).toEqual([
      { pointer: '/stage', message: expect.stringMatching(/"task"\|"domain" \(got "taks"\)/) },
      { pointer: '/share/1', message: expect.stringContaining('(got "x")') },
    ])
    expect(told.message).toContain('/stage')
  })

  test('names what is missing', () => {
    expect(refusal(() => parseShape(shape, {})).message).toContain('/stage')
    expect(refusal(() => parseShape(shape, {})).message).toContain('it is missing')
  })

  test('keeps long values short and pointers escaped', () => {
    const told = refusal(() => parseShape(z.record(z.string(), z.number()), { 'a/b~c': 'y'.repeat(500) }))
    expect(told.detail.errors).toEqual([{ pointer: '/a~1b~0c', message: expect.stringMatching(/^.{1,200}$/) }])
  })
})
