import { verdict } from '#src/core/evaluations/flips.ts'
import type { EvaluationItem } from '#src/core/evaluations/items.ts'
import type { FlipKind } from '#src/core/evaluations/matrix-kinds.ts'
import { listChosenItems } from '#src/db/queries/evaluations/list-chosen-items.ts'
import { listMeasuredCheckpoints } from '#src/db/queries/evaluations/list-measured.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { MatrixItems, MatrixItemsQuery } from '#src/protocol/matrix.ts'
import type { Context } from '#src/services/context.ts'
import { mayRead } from './choose-columns.ts'
import { isSameQuestion } from './get-cell.ts'
import { type HeldCell, holdCells, readWhole } from './held-cells.ts'
import { openCell } from './open-cell.ts'

export type FlippedItemsInput = MatrixItemsQuery & { workspace?: string | undefined; project: string }

/**
 * Items whose verdict went one way between a cell's baseline and its checkpoint, in the order of their ids, with what both answered
 * and what other checkpoints answered to the same items.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listFlippedItems(ctx: Context, input: FlippedItemsInput): Promise<MatrixItems> {
  const { scope, cell } = await openCell(ctx, input)
  const { before, after } = cell
  if (!before || cell.obstacle) return { total: 0, from: input.from, items: [] }
  const beside = await cellsBeside(ctx, scope, input.beside ?? [], after)
  await readWhole(ctx, scope, [before, after])
  const keys = flippedKeys(before, after, input.flip)
  const shown = keys.slice(input.from, input.from + input.count)
  const cells = [before, after, ...beside.map(({ cell: other }) => other)]
  const texts = await textsOf(
    ctx,
    scope,
    cells.filter((other) => other !== null),
    shown,
  )
  const uids = await uidsOf(ctx, scope, [before, after])
  const checkpoints = [...uids, ...beside.map(({ uid }) => uid)]
  return {
    total: keys.length,
    from: input.from,
    items: shown.map((key) => {
      const found = cells.map((other) => (other ? texts.get(`${other.ids} ${key.trial} ${key.id}`) : undefined))
      const told = found[1] ?? found[0]
      return {
        id: key.id,
        trial: key.trial === 0 ? null : key.trial,
        prompt: told?.prompt ?? null,
        expected: told?.expected ?? told?.gold ?? null,
        tags: told?.tags ?? {},
        answers: found.map((item, i) =>
          item
            ? { checkpoint: checkpoints[i] ?? '', output: item.output ?? item.pred ?? null, score: scoreOf(item) }
            : null,
        ),
      }
    }),
  }
}

interface Key {
  id: string
  trial: number
}

const keyOf = (item: { id: string; trial: number | null }) => `${item.trial ?? 0} ${item.id}`

function flippedKeys(before: HeldCell, after: HeldCell, flip: FlipKind): Key[] {
  const old = new Map((before.items ?? []).map((item) => [keyOf(item), verdict(item)]))
  return (after.items ?? []).flatMap((item) => {
    const was = old.get(keyOf(item)) ?? null
    const is = verdict(item)
    if (was === null || is === null) return []
    const kind: FlipKind = was ? (is ? 'kept_right' : 'lost') : is ? 'gained' : 'kept_wrong'
    return kind === flip ? [{ id: item.id, trial: item.trial ?? 0 }] : []
  })
}

const scoreOf = (item: EvaluationItem): number | null =>
  item.score ?? (item.pred !== undefined && item.gold !== undefined ? Number(item.pred === item.gold) : null)

/** Cells of further checkpoints that answered the same items, in the order asked; null for one that did not. */
async function cellsBeside(ctx: Context, scope: ProjectScope, uids: readonly string[], after: HeldCell) {
  const rows = await listMeasuredCheckpoints(ctx.db, scope, { uids })
  const held = await holdCells(
    ctx,
    scope,
    rows.map((row) => row.id),
  )
  return uids.map((uid) => {
    const row = rows.find((checkpoint) => checkpoint.uid === uid && mayRead(ctx, scope, checkpoint))
    return { uid, cell: (row && held.get(row.id)?.all.find((other) => isSameQuestion(other, after))) ?? null }
  })
}

async function uidsOf(ctx: Context, scope: ProjectScope, cells: readonly HeldCell[]): Promise<string[]> {
  const rows = await listMeasuredCheckpoints(ctx.db, scope, { ids: cells.map((cell) => cell.row.checkpoint_id) })
  return cells.map((cell) => rows.find((row) => row.id === cell.row.checkpoint_id)?.uid ?? '')
}

/** Whole items by cell, trial and id. Trials of several seeds are numbered by seed, as statistics number them. */
async function textsOf(
  ctx: Context,
  scope: ProjectScope,
  cells: readonly HeldCell[],
  keys: readonly Key[],
): Promise<Map<string, EvaluationItem>> {
  const rows = await listChosenItems(
    ctx.db,
    scope,
    cells.flatMap((cell) => cell.evaluationIds),
    [...new Set(keys.map((key) => key.id))],
  )
  const texts = new Map<string, EvaluationItem>()
  for (const cell of cells)
    for (const { evaluation_id, item } of rows) {
      const seed = cell.evaluationIds.indexOf(evaluation_id)
      if (seed < 0) continue
      texts.set(`${cell.ids} ${seed * 1_000_000 + (item.trial ?? 0)} ${item.id}`, item)
    }
  return texts
}
