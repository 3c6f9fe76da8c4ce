import { expect, test } from 'vitest'
import type { Money } from '#src/core/comparisons/stage-rows.ts'
import type { Context } from '#src/services/context.ts'
import type { RecordedStage } from '#src/services/experiments/ancestry.ts'
import { referenceOf } from './against.ts'

const stageOf = (id: number, more: Partial<RecordedStage>): RecordedStage =>
  ({
    row: { id, number: id, slug: `s${id}`, name: `s${id}`, stageKind: 'task', project: 'p' },
    checkpoint: null,
    cells: [],
    roles: [],
    held: [],
    run: null,
    ...more,
  }) as unknown as RecordedStage

const usd = (amount: number): Money => ({ text: `$${amount}`, amount, currency: 'USD', missing: null })
const missing = (word: Money['missing']): Money => ({ text: null, amount: null, currency: null, missing: word })

function moreCost(own: Money, theirs: Money) {
  const path = (leaf: number) => (leaf === 1 ? own : theirs)
  const held = { ctx: {} as Context, stage: stageOf(1, {}), ancestral: new Set<number>() }
  return referenceOf({ ...held, money: { path, own: path, run: path, note: null } }, stageOf(2, {}), ['sibling'], null)
    .more_cost
}

test('how much more a stage took is the difference of the two paths', () =>
  expect(moreCost(usd(3), usd(1))).toEqual({ text: '+$2.00', missing: null }))

test('where it is not known, the path that lacks money says why', () => {
  expect(moreCost(usd(3), missing('not published'))).toEqual({ text: null, missing: 'not published' })
  expect(moreCost(missing('price missing'), missing('not published'))).toEqual({ text: null, missing: 'price missing' })
})
