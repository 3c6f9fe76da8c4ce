import { describe, expect, test } from 'vitest'
import type { ForgettingCell, Mean, StageVerdict } from '#src/protocol/forgetting.ts'
import type { Triangle, TriangleMeasure } from '#src/protocol/triangle.ts'
import { safetyColumns, safetyTable } from './safety-words.ts'
import { measureRows, overWords, sentenceOf, triangleTable, valueWords } from './triangle-words.ts'

const stageRef = (number: number, name: string) => ({
  experiment: { project: 'p', number, slug: name, name, stage_kind: 'instruction' as const },
  checkpoint: { id: `c${number}`, step: 9 },
})

describe('the triangle', () => {
  const measure = (value: number, over: number, low: number | null = null): TriangleMeasure => ({
    of: { value, se: null, low, high: low === null ? null : value + (value - low), over },
    reason: null,
  })
  const none: TriangleMeasure = { of: null, reason: 'law was not measured on code' }
  const triangle: Triangle = {
    stages: [
      { ...stageRef(2, 'law'), targets: [{ slug: 'law-exam', name: 'Law exam' }] },
      { ...stageRef(3, 'code'), targets: [{ slug: 'code-exam', name: 'Code exam' }] },
    ],
    without: ['base'],
    cells: [
      [
        { score: 70, reason: null },
        { score: 20, reason: null },
      ],
      [
        { score: 61, reason: null },
        { score: 50, reason: null },
      ],
    ],
    measures: {
      final_accuracy: measure(55.5, 2),
      learning_accuracy: measure(60, 2),
      backward_transfer: measure(-9, 1, -12),
      backward_transfer_over_t: measure(-4.5, 2, -6),
      forgetting: measure(9, 1),
      forgetting_over_t: measure(4.5, 2),
      forgetting_over_all: measure(9, 1),
      forgetting_honest: measure(8, 1),
      forward_transfer: none,
    },
  }
  const printed = (over: 'before' | 'all', window: 'own' | 'all' | 'honest') =>
    measureRows(triangle, { over, window }).map((row) => `${row.key} ${valueWords(row)} ${overWords(row)}`)

  test('every measure stands with what it was divided by, in the convention that was chosen', () => {
    expect(printed('before', 'own').slice(2, 4)).toEqual(['BWT −9.0 ÷ 1', 'F 9.0 ÷ 1'])
    expect(printed('all', 'own').slice(2, 4)).toEqual(['BWT −4.5 ÷ 2', 'F 4.5 ÷ 2'])
    expect(printed('before', 'honest')[3]).toBe('F 8.0 ÷ 1')
  })
  test('what is missing reads not defined, with the reason', () =>
    expect(printed('before', 'own')[4]).toBe('FWT not defined law was not measured on code'))
  test('the sentence names the denominators', () =>
    expect(sentenceOf(triangle, measureRows(triangle, { over: 'before', window: 'own' }))).toBe(
      '2 stages with a target: ACC 55.5, BWT −9.0 (÷ 1), F 9.0 (÷ 1) points',
    ))
  test('above the diagonal stands that it was before training, with the score or without', () => {
    const convention = { over: 'before', window: 'own' } as const
    const cells = (withUpper: boolean) =>
      triangleTable(triangle, measureRows(triangle, convention), convention, withUpper).table.rows[0]?.map(
        (c) => c.text,
      )
    expect(cells(true)).toEqual(['law', '70.0', '20.0, before training'])
    expect(cells(false)).toEqual(['law', '70.0', 'before training'])
  })
})

describe('ability and safety', () => {
  const mean = (value: number): Mean => ({
    mean: value,
    se: 1,
    low: value - 2,
    high: value + 2,
    unit: 'points',
    used: 2,
    total: 2,
  })
  const cell = (slug: string, role: ForgettingCell['role'], delta: number | null, twin: string | null = null) =>
    ({
      benchmark: { slug, name: slug, twin },
      role,
      unit: 'points',
      delta,
      low: null,
      high: null,
      state: 'inconclusive',
      reason: delta === null ? 'another protocol' : null,
    }) as unknown as ForgettingCell
  const verdict = {
    ...stageRef(2, 'dpo'),
    parent: {
      reference: stageRef(1, 'sft'),
      cells: [
        cell('refuses', 'retention', -8),
        cell('maths', 'retention', -2),
        cell('harm', 'safety', 3, 'refuses'),
        cell('toxic', 'safety', null),
      ],
      retention: mean(-5),
      safety: null,
    },
  } as unknown as StageVerdict

  test('stand apart, each mean with its worst member, each safety benchmark beside its twin', () => {
    expect(safetyColumns([verdict])).toEqual([
      { slug: 'harm', name: 'harm', twinOf: null },
      { slug: 'refuses', name: 'refuses', twinOf: 'harm' },
      { slug: 'toxic', name: 'toxic', twinOf: null },
    ])
    expect(safetyTable([verdict]).table.rows[0]?.map((c) => c.text)).toEqual([
      'dpo',
      '−5.0, 95 % −7.0 to −3.0, 2 of 2',
      'refuses −8.0',
      'hidden: fewer than four of five measured on both',
      'harm +3.0',
      '+3.0',
      '−8.0',
      'another protocol',
    ])
  })
})
