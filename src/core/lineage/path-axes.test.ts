import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type OwnAmount, spansAlong, stepOffset } from './path-axes.ts'

const stage = (name: string, atEnd: number | null, atLeave: number | null = atEnd, why: string | null = null) => ({
  name,
  own: (): OwnAmount => ({ atEnd, atLeave, why }),
})

describe('the stages of a path on an axis', () => {
  test('begin where the one before them was left, which may lie before its end', () =>
    expect(spansAlong([stage('base', 100, 80), stage('sft', 20)]).map(({ span }) => span)).toEqual([
      { from: 0, to: 100 },
      { from: 80, to: 100 },
    ]))
  test('are unknown behind one that does not tell, with its reason', () =>
    expect(spansAlong([stage('base', 100), stage('rlvr', null, null, 'no rule for grpo'), stage('task', 20)])).toEqual([
      { span: { from: 0, to: 100 }, why: null },
      { span: { from: 100, to: 100 }, why: 'no rule for grpo' },
      { span: null, why: 'of rlvr before it, no rule for grpo' },
    ]))
  test('after weights from elsewhere begin at what the card tells', () =>
    expect(spansAlong([stage('llama', null, 1000, 'it was trained elsewhere'), stage('sft', 5)])).toEqual([
      { span: { from: 0, to: 0 }, why: 'it was trained elsewhere' },
      { span: { from: 1000, to: 1005 }, why: null },
    ]))
})

test.each([
  [null, 0, 0],
  [0, 0, 0],
  [0, 400, 400],
  [null, 400, 400],
  [400, 400, 0],
  [401, 400, 0],
  [399, 400, 400],
])('steps that begin at %s behind %d are moved by %d', (first, from, by) => expect(stepOffset(first, from)).toBe(by))

test('no stage of known amounts lies before the one before it', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { maxLength: 8 }), (amounts) => {
      const placed = spansAlong(amounts.map(([own, more], i) => stage(String(i), own + more, own)))
      const begins = placed.map(({ span }) => span?.from ?? Number.NaN)
      expect(begins).toEqual(begins.toSorted((a, b) => a - b))
      for (const { span } of placed) expect(span && span.to >= span.from).toBe(true)
    }),
  ))
