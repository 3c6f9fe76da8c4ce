import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byteRange } from './byte-range.ts'
import { checkpointOfStage } from './checkpoint-of-stage.ts'
import { manifestText } from './manifest.ts'

const at = (id: number, runId: number | null, step: number, attempt = 1) => ({
  id,
  runId,
  attempt: runId === null ? null : attempt,
  step,
  createdAtMs: id,
})
const stage = {
  pinned: null,
  childStarts: [],
  finishedRuns: [2, 1],
  checkpoints: [at(1, 1, 9), at(2, 2, 5), at(3, 2, 3)],
}

describe('the checkpoint of a stage', () => {
  test('is the pinned one before all', () =>
    expect(checkpointOfStage({ ...stage, pinned: 3, childStarts: [1] })).toEqual({ id: 3, why: 'pinned' }))
  test('is the newest from which children start', () =>
    expect(checkpointOfStage({ ...stage, childStarts: [1, 3] })).toEqual({ id: 3, why: 'children' }))
  test('is the last of the newest finished run', () => expect(checkpointOfStage(stage)).toEqual({ id: 2, why: 'last' }))
  test('is of an older finished run when the newest wrote none', () =>
    expect(checkpointOfStage({ ...stage, finishedRuns: [7, 1] })).toEqual({ id: 1, why: 'last' }))
  test('of a base without runs is its only one', () =>
    expect(checkpointOfStage({ ...stage, finishedRuns: [], checkpoints: [at(4, null, 0)] })).toEqual({
      id: 4,
      why: 'last',
    }))
  test('is none while nothing has finished', () => expect(checkpointOfStage({ ...stage, finishedRuns: [] })).toBeNull())
})

describe('a set of files', () => {
  test('is the same in any order', () => {
    const files = fc.uniqueArray(fc.record({ name: fc.string(), sha256: fc.string(), size: fc.nat() }), {
      selector: (f) => f.name,
    })
    fc.assert(
      fc.property(files, (list) => {
        expect(manifestText([...list].reverse())).toBe(manifestText(list))
      }),
    )
  })
})

describe('a range', () => {
  test.each([
    [null, { kind: 'whole' }],
    ['bytes=0-3', { kind: 'part', start: 0, end: 3 }],
    ['bytes=4-', { kind: 'part', start: 4, end: 9 }],
    ['bytes=-3', { kind: 'part', start: 7, end: 9 }],
    ['bytes=-99', { kind: 'part', start: 0, end: 9 }],
    ['bytes=8-99', { kind: 'part', start: 8, end: 9 }],
    ['bytes=10-', { kind: 'unsatisfiable' }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=5-2', { kind: 'whole' }],
    ['bytes=0-1,3-4', { kind: 'whole' }],
    ['lines=0-1', { kind: 'whole' }],
  ])('%s of ten bytes', (header, want) => expect(byteRange(header, 10)).toEqual(want))
})
