import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PlannedNode, planPipeline } from './plan.ts'

const node = (stage: string, ...parents: string[]): PlannedNode => ({
  stage,
  parents: parents.map((experiment) => ({ experiment, kind: 'init' as const })),
  mixture: [],
  ...(parents.length === 0 && { root: { kind: 'random_init' } }),
})

test('parents come first, whatever the order in the file', () =>
  expect(orderOf({ dpo: node('dpo', 'sft'), sft: node('sft', 'base'), base: node('pretrain') })).toEqual([
    'base',
    'sft',
    'dpo',
  ]))
test('an unknown stage names the nearest one', () =>
  expect(problemsOf({ base: node('pretrian') })).toMatch(/did you mean "pretrain"/))
test('an unknown parent names the nearest experiment', () =>
  expect(problemsOf({ base: node('pretrain'), sft: node('sft', 'bsae') })).toMatch(
    /no experiment "bsae".*did you mean "base"/,
  ))
test('a parent that the project has already is fine', () =>
  expect(orderOf({ sft: node('sft', 'base') }, ['base'])).toEqual(['sft']))
test('a stage without root and parent is refused', () =>
  expect(problemsOf({ base: { stage: 'pretrain', parents: [], mixture: [] } })).toMatch(/needs a weight parent/))
test('a cycle is named', () =>
  expect(problemsOf({ a: node('sft', 'b'), b: node('sft', 'a') })).toMatch(/cycle: a ← b ← a/))
test('shares that do not sum to one are named with their sum', () =>
  expect(problemsOf({ base: { ...node('pretrain'), mixture: [{ share: 0.6 }, { share: 0.3 }] } })).toMatch(
    /sum to 0\.9000/,
  ))

test('law: in every order, each parent stands before its children', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 60 }), (pairs) => {
      const nodes: Record<string, PlannedNode> = {}
      for (let i = 0; i <= 20; i++) nodes[`n${i}`] = node('pretrain')
      for (const [a, b] of pairs) {
        const [low, high] = a < b ? [a, b] : [b, a]
        if (low !== high) nodes[`n${high}`] = node('sft', `n${low}`)
      }
      const order = orderOf(nodes)
      return (
        order.length === 21 &&
        Object.entries(nodes).every(([key, n]) =>
          n.parents.every((p) => order.indexOf(String(p.experiment)) < order.indexOf(key)),
        )
      )
    }),
  ))

function orderOf(nodes: Record<string, PlannedNode>, existing: string[] = []): readonly string[] {
  const plan = planPipeline(nodes, existing)
  if (plan.kind !== 'order') throw new Error(plan.problems.map((p) => p.message).join('\n'))
  return plan.order
}

function problemsOf(nodes: Record<string, PlannedNode>): string {
  const plan = planPipeline(nodes)
  return plan.kind === 'problems' ? plan.problems.map((p) => p.message).join('\n') : ''
}
