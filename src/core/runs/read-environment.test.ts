import { expect, test } from 'vitest'
import { readEnvironment } from './read-environment.ts'

test('a whole environment is read', () => {
  const view = readEnvironment({
    host: 'box',
    python: '3.11',
    command: ['train.py', '--name', "it's mine"],
    git: { commit: 'abc', dirty: true, diff: '+x' },
    packages: { torch: '2.5', numpy: '2.1' },
    cpu: { count: 2, model: 'Xeon' },
    gpus: [{ name: 'H100' }],
  })
  expect(view.command).toBe(`train.py --name 'it'\\''s mine'`)
  expect(view.packages.map((p) => p.name)).toEqual(['numpy', 'torch'])
  expect(view.cpu).toBe('2 cores, Xeon')
  expect(view.git?.dirty).toBe(true)
})

test('members of another kind are left out instead of breaking the page', () => {
  const view = readEnvironment({ host: 7, git: 'main', packages: ['a'], cpu: null, gpus: 'none', command: null })
  expect(view).toMatchObject({ host: null, git: null, packages: [], cpu: null, gpus: [], command: null })
})
