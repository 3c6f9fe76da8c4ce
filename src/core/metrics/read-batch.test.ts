import { describe, expect, test } from 'vitest'
import { readBatch } from './read-batch.ts'
import { BatchShapeError, BatchSizeError } from './records.ts'

const read = (body: unknown) => {
  const { groups, points, rejected } = readBatch(body, 1000)
  return {
    points,
    rejected,
    groups: groups.map(({ steps, times, keys }) => ({
      step: [...steps],
      t: times && [...times],
      m: Object.fromEntries(keys.map(({ key, values }) => [key, [...values]])),
    })),
  }
}

describe('groups', () => {
  test('keep their axes, their keys and the three words', () => {
    const body = {
      groups: [{ step: [1, 2, 3], t: [10, 20, 30], m: { loss: [1.5, 'NaN', '-Infinity'], lr: [1, 2, 'Infinity'] } }],
    }
    expect(read(body)).toEqual({
      points: 6,
      rejected: [],
      groups: [{ step: [1, 2, 3], t: [10, 20, 30], m: { loss: [1.5, NaN, -Infinity], lr: [1, 2, Infinity] } }],
    })
  })

  test('without times say so', () => {
    expect(read({ groups: [{ step: [1], m: { loss: [1] } }] }).groups[0]?.t).toBeNull()
  })

  test('split where a key lacks steps; keys that lack the same ones stay together', () => {
    const body = {
      groups: [{ step: [1, 2, 3], m: { a: [1, 2, 3], b: [null, 5, 6], c: [null, 7, 8], d: [null, null, null] } }],
    }
    expect(read(body)).toEqual({
      points: 7,
      rejected: [],
      groups: [
        { step: [1, 2, 3], t: null, m: { a: [1, 2, 3] } },
        { step: [2, 3], t: null, m: { b: [5, 6], c: [7, 8] } },
      ],
    })
  })

  test('lose only the records that are bad, and name each', () => {
    const body = {
      groups: [
        { step: [1, 2.5, 3], t: [10, 20, -1], m: { loss: [1, 2, 3], 'a\u0000b': [1, 2, 3], lr: ['x', 2, 3] } },
        { step: [4], m: { loss: [JSON.parse('1e999')], acc: [true], ok: [4] } },
      ],
    }
    expect(read(body)).toEqual({
      points: 2,
      rejected: [
        { key: 'loss', reason: 'invalid_step', step: 2.5 },
        { key: 'loss', reason: 'invalid_time', step: 3 },
        { key: 'a\u0000b', reason: 'invalid_key' },
        { key: 'lr', reason: 'invalid_value', step: 1 },
        { key: 'lr', reason: 'invalid_step', step: 2.5 },
        { key: 'lr', reason: 'invalid_time', step: 3 },
        { key: 'loss', reason: 'invalid_value', step: 4 },
        { key: 'acc', reason: 'invalid_value', step: 4 },
      ],
      groups: [
        { step: [1], t: [10], m: { loss: [1] } },
        { step: [4], t: null, m: { ok: [4] } },
      ],
    })
  })

  test.each([
    [{}, '/groups'],
    [null, '/groups'],
    ['text', '/groups'],
    [{ groups: [7] }, '/groups/0'],
    [{ groups: [{ m: {} }] }, '/groups/0/step'],
    [{ groups: [{ step: [1], t: [1, 2], m: {} }] }, '/groups/0/t'],
    [{ groups: [{ step: [1] }] }, '/groups/0/m'],
    [
      {
        groups: [
          { step: [1], m: { ok: [1] } },
          { step: [1, 2], m: { 'train/loss': [1] } },
        ],
      },
      '/groups/1/m/train~1loss',
    ],
    [[{ value: 1, step: 1 }], '/0/key'],
    [[{ key: 'a', value: 1, step: 1 }, 3], '/1'],
  ])('of a wrong shape are refused where they are wrong: %j', (body, pointer) => {
    expect(() => readBatch(body, 1000)).toThrow(BatchShapeError)
    try {
      readBatch(body, 1000)
    } catch (error) {
      expect(error).toMatchObject({ pointer })
    }
  })

  test('with more points than allowed are refused before they are read', () => {
    const body = {
      groups: [1, 2].map(() => ({
        step: new Array(300).fill(1),
        m: { a: new Array(300).fill(1), b: new Array(300).fill(1) },
      })),
    }
    expect(() => readBatch(body, 1000)).toThrow(BatchSizeError)
  })
})

describe('rows', () => {
  test('are regrouped: keys of the same steps share a group', () => {
    const body = [
      { key: 'loss', value: 1, step: 1 },
      { key: 'acc', value: 0.1, step: 1 },
      { key: 'loss', value: 2, step: 2 },
      { key: 'acc', value: 0.2, step: 2 },
      { key: 'lr', value: 'NaN', step: 2, t: 5 },
    ]
    expect(read(body)).toEqual({
      points: 5,
      rejected: [],
      groups: [
        { step: [1, 2], t: null, m: { loss: [1, 2], acc: [0.1, 0.2] } },
        { step: [2], t: [5], m: { lr: [NaN] } },
      ],
    })
  })

  test('that are bad are named', () => {
    const body = [
      { key: ' x', value: 1, step: 1 },
      { key: 'a', value: 1 },
      { key: 'a', value: {}, step: 3 },
      { key: 'a', value: 1, step: 4, t: 'now' },
      { key: 'a', value: null, step: 5 },
      { key: 'a', value: 6, step: 6 },
    ]
    expect(read(body)).toEqual({
      points: 1,
      rejected: [
        { key: ' x', reason: 'invalid_key', step: 1 },
        { key: 'a', reason: 'invalid_step' },
        { key: 'a', reason: 'invalid_value', step: 3 },
        { key: 'a', reason: 'invalid_time', step: 4 },
      ],
      groups: [{ step: [6], t: null, m: { a: [6] } }],
    })
  })

  test('with and without times of one key keep their order: the last write of a step wins', () => {
    const body = [
      { key: 'a', value: 1, step: 1, t: 10 },
      { key: 'a', value: 2, step: 1 },
      { key: 'a', value: 3, step: 2 },
      { key: 'a', value: 4, step: 2, t: 20 },
    ]
    expect(read(body)).toEqual({
      points: 2,
      rejected: [],
      groups: [
        { step: [2], t: [20], m: { a: [4] } },
        { step: [1], t: null, m: { a: [2] } },
      ],
    })
  })
})
