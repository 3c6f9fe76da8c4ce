import { entryText } from '#src/core/comparisons/entries.ts'
import { principalEdge } from '#src/core/lineage/weight-path.ts'
import { listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { listExperimentsByIds } from '#src/db/queries/experiments/list-by-ids.ts'
import { listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import type { Scope } from '#src/db/scope.ts'
import type { ComparisonDraft, DraftQuery } from '#src/protocol/comparisons.ts'
import { stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'
import { markBaseline } from './create.ts'
import { type Entry, nameOf, openEntries, scopeOf } from './open-entry.ts'
import { sideBySide } from './side-by-side.ts'
import { mayEdit } from './view.ts'

/**
 * Entries side by side without keeping anything: what a link shows before somebody saves it. With `with_parent` the first entry stands
 * beside what its weights came from, as the baseline.
 *
 * @throws Refusal `invalid_request` for entries that cannot be found or come twice; `not_found`, `forbidden`
 */
export async function draftComparison(
  ctx: Context,
  input: DraftQuery & { workspace?: string | undefined },
): Promise<ComparisonDraft> {
  const { scope } = await openWorkspace(ctx, input, 'experiment:read')
  const opened = await openEntries(ctx, scope, input)
  const [first] = opened
  const parent = input.with_parent && first ? await parentOf(ctx, scope, input.workspace, first) : null
  const isThere = parent?.entry && opened.some((entry) => nameOf(entry) === nameOf(parent.entry as Entry))
  const entries = parent?.entry && !isThere ? [parent.entry, ...opened] : opened
  const names = parent?.entry && !isThere ? [nameOf(parent.entry), ...input.entries] : input.entries
  const baseline = input.baseline ?? (parent?.entry ? nameOf(parent.entry) : undefined)
  return {
    sides: await sideBySide(ctx, scope, markBaseline(entries, names, baseline)),
    may_save: mayEdit(ctx, scope),
    note: parent?.note ?? null,
  }
}

/** What an entry's weights came from, as an entry of the same kind where there is one; else why there is none. */
async function parentOf(
  ctx: Context,
  scope: Scope,
  workspace: string | undefined,
  entry: Entry,
): Promise<{ entry: Entry | null; note: string | null }> {
  const edges = await listAncestorEdges(ctx.db, scopeOf(ctx, scope, [entry]), [entry.experiment_id])
  const edge = principalEdge(edges, entry.experiment_id)
  if (!edge) return { entry: null, note: `${entry.experiment_name} is a root: its weights came from no other stage.` }
  const [stage] = await listExperimentsByIds(ctx.db, scope, [edge.parent])
  const checkpointId =
    edge.checkpointId ?? (await stageCheckpoints(ctx, scope, [edge.parent])).of.get(edge.parent)?.id ?? null
  const [checkpoint] = checkpointId === null ? [] : await listCheckpoints(ctx.db, scope, { ids: [checkpointId] })
  const asStage = stage && entryText({ kind: 'stage', project: stage.project, stage: String(stage.number) })
  const name =
    entry.kind === 'run' && checkpoint?.run
      ? entryText({ kind: 'run', uid: checkpoint.run.uid })
      : entry.kind === 'checkpoint' && checkpoint
        ? entryText({ kind: 'checkpoint', uid: checkpoint.uid })
        : asStage
  if (name === undefined) return { entry: null, note: 'Its parent is not there any more.' }
  try {
    const [parent = null] = await openEntries(ctx, scope, { workspace, entries: [name] })
    return { entry: parent, note: null }
  } catch (error) {
    if (error instanceof Refusal) return { entry: null, note: 'Its parent was deleted, or you may not see it.' }
    throw error
  }
}
