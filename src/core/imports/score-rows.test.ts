import { describe, expect, test } from 'vitest'
import { ignoredColumns, readScoreRow } from './score-rows.ts'

describe('a row of scores', () => {
  test('may say only benchmark and score', () =>
    expect(readScoreRow({ benchmark: 'mmlu', score: '0.5' })).toEqual({
      checkpoint: null,
      evaluation: {
        benchmark: 'mmlu',
        metric: 'score',
        protocol: { task: 'mmlu' },
        seed: null,
        score: 0.5,
        scale: 1,
        stderr: null,
        n: null,
        n_missing: 'not in the file',
        measured_at: null,
      },
    }))
  test('may say all', () =>
    expect(
      readScoreRow({
        checkpoint: 'org/base',
        benchmark: 'ARC_Challenge',
        metric: 'acc_norm',
        score: 55.25,
        scale: 100,
        stderr: 1.4,
        n: 1172,
        seed: 3,
        harness: 'lm-evaluation-harness',
        harness_version: '0.4.13',
        shots: 25,
        template: 'plain',
        revision: 'v1',
        split: 'test',
        measured_at: '2026-11-01T10:00:00Z',
        source: 'a paper',
        category: 'knowledge',
        kind: 'accuracy',
        higher_is_better: true,
        chance: 25,
      }),
    ).toEqual({
      checkpoint: 'org/base',
      evaluation: {
        benchmark: {
          slug: 'arc-challenge',
          name: 'ARC_Challenge',
          category: 'knowledge',
          kind: 'accuracy',
          higher_is_better: true,
          chance: 25,
        },
        metric: 'acc_norm',
        protocol: {
          task: 'ARC_Challenge',
          shots: 25,
          prompt_template: 'plain',
          dataset_revision: 'v1',
          split: 'test',
          harness: 'lm-evaluation-harness',
          harness_version: '0.4.13',
        },
        seed: '3',
        score: 55.25,
        scale: 100,
        stderr: 1.4,
        n: 1172,
        measured_at: '2026-11-01T10:00:00.000Z',
        source: 'a paper',
      },
    }))
  test('keeps every digit of a number', () =>
    expect(readScoreRow({ benchmark: 'a', score: '0.2702702702702703' })).toMatchObject({
      evaluation: { score: 0.2702702702702703 },
    }))
  test('that says N/A for its standard error has none', () =>
    expect(readScoreRow({ benchmark: 'a', score: 1, stderr: 'N/A' })).toMatchObject({ evaluation: { stderr: null } }))

  test.each([
    [{ score: 1 }, 'has no benchmark'],
    [{ benchmark: 'a' }, 'has no score'],
    [{ benchmark: 'a', score: '0,5' }, 'has score "0,5" with a decimal comma; write a point'],
    [{ benchmark: 'a', score: 'nan' }, 'has score "nan", no finite number'],
    [{ benchmark: 'a', score: Number.NaN }, 'has score "NaN", no finite number'],
    [{ benchmark: 'a', score: '0x10' }, 'has score "0x10", no finite number'],
    [{ benchmark: 'a', score: 1, scale: 10 }, 'has scale 10; it is 1 or 100'],
    [{ benchmark: 'a', score: 1, n: 0 }, 'has n 0; leave it empty where it is not known'],
    [{ benchmark: 'a', score: 1, n: 2.5 }, 'has n 2.5; leave it empty where it is not known'],
    [{ benchmark: 'a', score: 1, stderr: -1 }, 'has a negative standard error, -1'],
    [{ benchmark: 'a', score: 1, shots: -1 }, 'has -1 shots; they are a whole number'],
    [{ benchmark: 'a', score: 1, kind: 'acc' }, 'has kind "acc"; it is accuracy, rate, loss, elo, other'],
    [
      { benchmark: 'a', score: 1, measured_at: 'yesterday' },
      'has measured_at "yesterday"; write it as 2026-11-29T12:00:00Z',
    ],
    [{ benchmark: 'a', score: [1] }, 'has a list as score'],
    [{ benchmark: 'a', score: 1, higher_is_better: 'yes' }, 'has higher_is_better "yes"; it is true or false'],
  ])('%j', (row, why) => expect(readScoreRow(row)).toBe(why))
})

test('columns that mean nothing are told, with the one that was meant', () =>
  expect(ignoredColumns(['benchmark', 'score', 'std_err', 'colour', ''])).toEqual([
    'std_err (did you mean stderr?)',
    'colour',
  ]))
