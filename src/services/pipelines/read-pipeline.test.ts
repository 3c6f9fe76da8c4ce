import { expect, test } from 'vitest'
import { readPipeline } from './read-pipeline.ts'

const GOOD = `version: 1
name: lifecycle
experiments:
  base:
    stage: pretrain
    root: { kind: random_init }
    recipe: base
    params: { steps: 10 }
  sft:
    stage: sft
    parents:
      - { experiment: base }
    recipe: instruction_tuning
`

test('a good file is read with its defaults', () => {
  const answer = readPipeline(GOOD)
  expect(answer.kind === 'pipeline' && answer.pipeline.defaults.queue).toBe('default')
  expect(answer.kind === 'pipeline' && answer.pipeline.experiments.sft?.parents[0]?.kind).toBe('init')
})
test('a mistyped member names its line and the nearest member', () =>
  expect(problem(GOOD.replace('    recipe: base', '    recipie: base'))).toEqual([
    7,
    '"recipie" is not known here; did you mean "recipe"?',
  ]))
test('a mistyped member inside a list names its line', () =>
  expect(problem(GOOD.replace('{ experiment: base }', '{ experimnt: base }'))[0]).toBe(12))
test('a mistyped parent names its line and the nearest experiment', () =>
  expect(problem(GOOD.replace('experiment: base }', 'experiment: bas }'))).toEqual([
    12,
    expect.stringMatching(/did you mean "base"/),
  ]))
test('broken YAML names its line', () =>
  expect(problem(GOOD.replace('    stage: sft', '    stage: [sft'))[0]).toBeGreaterThan(9))
test('a wrong version is refused', () => expect(problem(GOOD.replace('version: 1', 'version: 7'))[0]).toBe(1))
test('a stage without origin names the line of the stage', () =>
  expect(problem(GOOD.replace('    root: { kind: random_init }\n', ''))).toEqual([
    4,
    expect.stringMatching(/needs a weight parent/),
  ]))

function problem(text: string): [number | null | undefined, string] {
  const answer = readPipeline(text)
  const first = answer.kind === 'problems' ? answer.problems[0] : undefined
  return [first?.line, first?.message ?? '']
}
