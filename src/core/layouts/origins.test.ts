import { expect, test } from 'vitest'
import { runKey, runTitle } from './layout.ts'
import { byProject, originsOf } from './origins.ts'

const UID = '01920000-0000-7000-8000-00000000002a'
const from = (project: string, number: number, place: number) => ({ project, number, uid: UID, place })

test('a run has the same number in every set of several projects, told by its id', () => {
  expect(runKey(UID)).toBe(42)
  expect(Number.isSafeInteger(runKey('ffffffff-ffff-ffff-ffff-ffffffffffff'))).toBe(true)
})

test('runs are asked for by project, with their own numbers there', () => {
  const runs = [
    { number: 901, from: from('olmo', 1, 0) },
    { number: 902, from: from('tulu', 1, 1) },
    { number: 903, from: from('olmo', 4, 0) },
  ]
  const origins = originsOf(runs)
  expect(byProject([901, 902, 903], origins, 'olmo')).toEqual([
    { project: 'olmo', numbers: [1, 4], keys: [901, 903] },
    { project: 'tulu', numbers: [1], keys: [902] },
  ])
})

test('runs of one project name no other and keep their numbers', () => {
  expect(originsOf([{ number: 3 }])).toBeNull()
  expect(byProject([3, 5], null, 'olmo')).toEqual([{ project: 'olmo', numbers: [3, 5], keys: [3, 5] }])
})

test('a title tells the project only where there are several', () => {
  expect(runTitle({ name: 'sft', number: 3 })).toBe('sft #3')
  expect(runTitle({ name: 'sft', number: 901, from: from('olmo', 3, 0) })).toBe('sft #3 of olmo')
})
