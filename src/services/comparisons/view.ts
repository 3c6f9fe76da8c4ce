import { visibleSides } from '#src/core/comparisons/visible-sides.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import type { ComparisonRow } from '#src/db/queries/comparisons/find-comparison.ts'
import { findFrozen } from '#src/db/queries/comparisons/find-frozen.ts'
import { type EntryRow, listEntries } from '#src/db/queries/comparisons/list-entries.ts'
import { instantOf, instantOrNull } from '#src/db/queries/instant.ts'
import type { Scope } from '#src/db/scope.ts'
import { type Comparison, type ComparisonSummary, SideBySide } from '#src/protocol/comparisons.ts'
import { actorName } from '#src/services/actor.ts'
import { isProgram } from '#src/services/auth/refuse-programs.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { invariant, notFound } from '#src/services/errors.ts'
import { workspaceSlug } from '#src/services/workspaces/addresses.ts'
import { maySee, targetOf } from './open-entry.ts'
import { sideBySide } from './side-by-side.ts'

/** What a frozen comparison keeps: the answer of that day, and what each column named. */
export interface FrozenSides {
  sides: SideBySide
  /** Parallel to the entries. */
  targets: string[]
}

/** True when the actor may see this entry and it is still there. */
export const isVisible = (ctx: Context, scope: Scope, entry: EntryRow): boolean =>
  !entry.is_deleted && maySee(ctx, scope, entry)

/** Who may change a comparison of this workspace: people who may write notes. */
export const mayEdit = (ctx: Context, scope: Scope): boolean =>
  !isProgram(ctx) && (permissionsIn(ctx.actor, scope) ?? []).includes('note:write')

/** Its author, and who may delete a project. */
export const mayDelete = (ctx: Context, scope: Scope, row: Pick<ComparisonRow, 'created_by'>): boolean =>
  mayEdit(ctx, scope) &&
  ((permissionsIn(ctx.actor, scope) ?? []).includes('project:delete') || row.created_by === actorName(ctx.actor))

/** A comparison in a list, without its numbers. */
export function viewSummary(
  ctx: Context,
  scope: Scope,
  row: ComparisonRow,
  entries: readonly EntryRow[],
  workspace: string,
): ComparisonSummary {
  const visible = entries.filter((entry) => isVisible(ctx, scope, entry))
  return {
    ...headOf(ctx, row, workspace),
    entries: visible.map((entry) => ({ kind: entry.kind, name: shortName(entry), project: entry.project })),
    hidden: entries.length - visible.length,
  }
}

/**
 * A comparison with its numbers, live or as they were frozen, without what the actor may not see.
 *
 * @throws Refusal `not_found` when the actor may see none of its entries: to such a reader it is not there
 */
export async function viewComparison(ctx: Context, scope: Scope, row: ComparisonRow): Promise<Comparison> {
  const entries = await listEntries(ctx.db, scope, [row.id])
  const visible = entries.filter((entry) => isVisible(ctx, scope, entry))
  if (visible.length === 0 && entries.some((entry) => !maySee(ctx, scope, entry))) throw notFound('This comparison')
  const isBaselineHidden = entries.some((entry) => entry.is_baseline && !visible.includes(entry))
  const sides =
    row.frozen_at === null
      ? withoutBaseline(await sideBySide(ctx, scope, visible), isBaselineHidden)
      : await frozenSides(ctx, scope, row, visible)
  return {
    ...headOf(ctx, row, await workspaceSlug(ctx, scope)),
    hidden: entries.length - visible.length,
    revision: row.revision,
    may_edit: mayEdit(ctx, scope),
    may_delete: mayDelete(ctx, scope, row),
    baseline_hidden: isBaselineHidden,
    sides,
  }
}

/** The first of what is left is not what the author set the others against. */
function withoutBaseline(sides: SideBySide, isHidden: boolean): SideBySide {
  if (!isHidden) return sides
  return {
    ...sides,
    entries: sides.entries.map((entry) => ({ ...entry, is_baseline: false })),
    how: sides.how.map((row) => ({ ...row, cells: row.cells.map((cell) => ({ ...cell, relative: null })) })),
    cost: sides.cost.map((row) => ({ ...row, cells: row.cells.map((cell) => ({ ...cell, relative: null })) })),
    why: sides.why.map((row) => ({ ...row, cells: row.cells.map((cell) => cell && { ...cell, change: null }) })),
    readings: sides.readings.map(() => null),
  }
}

async function frozenSides(
  ctx: Context,
  scope: Scope,
  row: ComparisonRow,
  visible: readonly EntryRow[],
): Promise<SideBySide> {
  const kept = await findFrozen(ctx.db, scope, row.id)
  invariant(kept && Array.isArray(kept.targets), 'a frozen comparison has its numbers')
  const sides = SideBySide.parse(kept.sides)
  const seen = new Set(visible.map(targetOf))
  return visibleSides(
    sides,
    sides.entries.flatMap((_, i) => (seen.has(String((kept.targets as unknown[])[i])) ? [i] : [])),
  )
}

const headOf = (ctx: Context, row: ComparisonRow, workspace: string) => ({
  id: row.uid,
  title: row.title,
  by: row.by,
  created_at: instantOf(row.created_at),
  updated_at: instantOf(row.updated_at),
  frozen_at: instantOrNull(row.frozen_at),
  url: `${ctx.services.settings.publicUrl}/${encodeURIComponent(workspace)}/compare/${row.uid}`,
})

const shortName = (entry: EntryRow): string =>
  entry.kind === 'stage'
    ? entry.experiment_name
    : entry.kind === 'run'
      ? (entry.run_name ?? `run ${entry.run_number}`)
      : `${entry.run_name ?? entry.experiment_name} @ ${formatExactCount(entry.step ?? 0)}`
