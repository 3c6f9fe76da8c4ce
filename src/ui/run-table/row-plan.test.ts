import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PlannedGroup, type PlannedRow, planGroups, planRuns } from './row-plan.ts'

const group = (name: string, count: number, more: Partial<PlannedGroup<string>> = {}): PlannedGroup<string> => ({
  group: name,
  count,
  isOpen: true,
  inside: null,
  ...more,
})
const words = (row: PlannedRow<string> | null) =>
  row === null ? '' : row.kind === 'group' ? `${'>'.repeat(row.depth + 1)}${row.group}` : `${row.group}${row.offset}`

test('without groups each place is a run', () => {
  const plan = planRuns<string>(3)
  expect(plan.total).toBe(3)
  expect(plan.at(2)).toEqual({ kind: 'run', group: null, depth: 0, offset: 2 })
  expect(plan.at(3)).toBeNull()
  expect(planRuns<string>(0).at(0)).toBeNull()
})

test('groups stand above their runs, nested; closed ones hide what is in them', () => {
  const plan = planGroups([
    group('a', 2),
    group('b', 5, { isOpen: false }),
    group('c', 3, { inside: [group('d', 1), group('e', 2)] }),
  ])
  const rows = Array.from({ length: plan.total }, (_, place) => words(plan.at(place)))
  expect(rows).toEqual(['>a', 'a0', 'a1', '>b', '>c', '>>d', 'd0', '>>e', 'e0', 'e1'])
  expect(plan.groupAbove(9)).toBe(7)
  expect(plan.groupAbove(7)).toBe(4)
  expect(plan.groupAbove(4)).toBeNull()
})

test('the runs between two places are asked for by group and offset', () => {
  const plan = planGroups([group('a', 2), group('b', 3)])
  expect(plan.runsBetween(2, 4)).toEqual([
    { group: 'a', from: 1, to: 1 },
    { group: 'b', from: 0, to: 0 },
  ])
  expect(planRuns<string>(0).runsBetween(0, 9)).toEqual([])
})

test('every place is a row, and the runs between all places are all runs', () => {
  const tree = fc.letrec<{ level: PlannedGroup<string>[] }>((tie) => ({
    level: fc.array(
      fc.record({
        group: fc.stringMatching(/^[a-z]$/),
        count: fc.integer({ min: 0, max: 4 }),
        isOpen: fc.boolean(),
        inside: fc.option(tie('level'), { maxDepth: 2 }),
      }),
      { maxLength: 4 },
    ),
  })).level
  fc.assert(
    fc.property(tree, (groups) => {
      const plan = planGroups(groups)
      const rows = Array.from({ length: plan.total }, (_, place) => plan.at(place))
      expect(rows).not.toContain(null)
      const runs = plan.runsBetween(0, plan.total - 1).reduce((sum, { from, to }) => sum + to - from + 1, 0)
      expect(runs).toBe(rows.filter((row) => row?.kind === 'run').length)
    }),
  )
})
