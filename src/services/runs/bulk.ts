import type { Permission } from '#src/core/roles/permissions.ts'
import { BULK_RUNS_MAX } from '#src/core/runs/bulk.ts'
import { lockLineage } from '#src/db/queries/lineage/lock-lineage.ts'
import { type HeldRun, lockRuns } from '#src/db/queries/runs/lock-runs.ts'
import { addTags, removeTags, updateRuns } from '#src/db/queries/runs/update-runs.ts'
import { findMatching } from '#src/db/queries/search/find-matching.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { BulkAnswer, BulkChange, BulkInput, LeftOut } from '#src/protocol/bulk-runs.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { openSearch } from '#src/services/search/open-search.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { isDifferent, type KnownChange, objectionTo, undoOf } from './bulk-plan.ts'
import { holdProjects } from './change-project.ts'
import { holderOf } from './delete.ts'
import { moveHeldRun, tellMoved } from './move.ts'
import { type MoveTarget, openMoveTarget } from './move-target.ts'
import { tellWriter } from './tell-writer.ts'

/**
 * Tags, groups, stars, archives, moves, deletes or restores many runs in one transaction: all of them, or none while one of them cannot be
 * changed and is not to be left out. What would bring the runs back to how they were is in `undo`; uids and numbers that name no run
 * of the project are passed over.
 *
 * @throws Refusal `conflict`, with `left_out`, when runs cannot be changed, and when other runs match than were shown; `too_large`
 *   over `BULK_RUNS_MAX`; `invalid_request` for a bad search; `not_found` also for the experiment, `forbidden`
 */
export async function changeRuns(
  ctx: Context,
  input: BulkInput & { workspace?: string | undefined; project: string },
): Promise<BulkAnswer> {
  const permission = permissionOf(input.change)
  const { scope, project } = await openProject(ctx, input, permission)
  refusePrograms(ctx, permission, 'People change many runs at once, in the browser or with an admin key.')
  const { change, target } = await known(ctx, scope, project.slug, input.change)
  const done = await inTransaction(ctx, async (tx) => {
    // In the order of a single move: projects, the lineage, then runs.
    if (target) {
      await holdProjects(tx, scope, target)
      await lockLineage(tx.db, scope)
    }
    const runs = await chosenRuns(tx, scope, input)
    const { changed, leftOut } = await carryOut(tx, scope, runs, change, target)
    if (leftOut.length > 0 && !input.leave_out) throw cannot(change, runs.length, leftOut)
    if (changed.length > 0)
      await audit(tx, {
        workspaceId: scope.workspaceId,
        action: `run.${change.do}`,
        resource: `project:${scope.projectId}`,
        detail: { ...input.change, runs: changed.map(({ number }) => number) },
      })
    return { chosen: runs.length, changed, leftOut }
  })
  await tellAll(ctx, scope, done.changed, change, target)
  return {
    chosen: done.chosen,
    changed: done.changed.length,
    left_out: done.leftOut,
    undo: undoOf(done.changed, change),
  }
}

async function known(
  ctx: Context,
  scope: ProjectScope,
  from: string,
  change: BulkChange,
): Promise<{ change: KnownChange; target: MoveTarget | null }> {
  if (change.do !== 'move') return { change, target: null }
  const target = await openMoveTarget(ctx, scope, { experiment: change.experiment, project: change.to_project })
  const leaves = target.scope.projectId === scope.projectId ? null : { from, to: target.project }
  return { change: { do: 'move', experimentId: target.experiment.id, leaves }, target }
}

const permissionOf = (change: BulkChange): Permission =>
  change.do === 'delete' || change.do === 'restore' ? 'run:delete' : 'run:write'

async function chosenRuns(tx: Context, scope: ProjectScope, { choice, change }: BulkInput): Promise<HeldRun[]> {
  const most = BULK_RUNS_MAX[change.do]
  if (!('q' in choice)) {
    const named = new Set<string | number>('runs' in choice ? choice.runs : choice.numbers)
    if (named.size > most) throw tooMany(named.size, most)
    return await lockRuns(tx.db, scope, 'runs' in choice ? { uids: choice.runs } : { numbers: choice.numbers })
  }
  const search = await openSearch(tx, scope, { q: choice.q, archived: choice.archived })
  const { total, ids } = await findMatching(tx.db, scope, search, {
    sort: [],
    offset: 0,
    limit: most + choice.except.length + choice.except_numbers.length + 1,
  })
  if (choice.matching !== undefined && total !== choice.matching)
    throw new Refusal(
      'conflict',
      `${total} runs match by now, and not ${choice.matching}. Look at the list again before you change them all.`,
      { matching: total },
    )
  const except = new Set<string | number>([...choice.except, ...choice.except_numbers])
  if (total - except.size > most) throw tooMany(total - except.size, most)
  const chosen = (await lockRuns(tx.db, scope, { ids })).filter(
    (run) => !except.has(run.uid) && !except.has(run.number),
  )
  if (choice.matching !== undefined && chosen.length !== choice.matching - except.size)
    throw new Refusal(
      'conflict',
      `${chosen.length} runs are chosen by now, and not ${choice.matching - except.size}: some that are left out match no more. Choose them again.`,
      { matching: total },
    )
  return chosen
}

async function carryOut(
  tx: Context,
  scope: ProjectScope,
  runs: readonly HeldRun[],
  change: KnownChange,
  target: MoveTarget | null,
): Promise<{ changed: HeldRun[]; leftOut: LeftOut[] }> {
  const leftOut: LeftOut[] = []
  const leave = ({ uid, number, name }: HeldRun, why: string) => leftOut.push({ uid, number, name, why })
  const able = runs.filter((run) => {
    const why = objectionTo(run, change)
    if (why !== null) leave(run, why)
    return why === null
  })
  const changed = able.filter((run) => isDifferent(run, change))
  if (!target) {
    await writeAll(
      tx,
      scope,
      changed.map(({ id }) => id),
      change,
    )
    return { changed, leftOut }
  }
  const moved: HeldRun[] = []
  for (const run of changed) {
    try {
      // A move that is refused takes back its own part alone.
      await tx.db.transaction((db) =>
        moveHeldRun({ ...tx, db }, scope, { ...run, experimentId: run.experiment_id }, target),
      )
      moved.push(run)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      leave(run, error.message)
    }
  }
  return { changed: moved, leftOut }
}

async function writeAll(tx: Context, scope: ProjectScope, ids: readonly number[], change: KnownChange): Promise<void> {
  const now = tx.services.now().toISOString()
  switch (change.do) {
    case 'tag':
      return await addTags(tx.db, scope, ids, [...new Set(change.tags)])
    case 'untag':
      return await removeTags(tx.db, scope, ids, change.tags)
    case 'group':
      return await updateRuns(tx.db, scope, ids, { runGroup: change.group ?? '' })
    case 'star':
    case 'unstar':
      return await updateRuns(tx.db, scope, ids, { isStarred: change.do === 'star' })
    case 'archive':
    case 'unarchive':
      return await updateRuns(tx.db, scope, ids, { archivedAt: change.do === 'archive' ? now : null })
    case 'delete':
      return await updateRuns(tx.db, scope, ids, { deletedAt: now })
    case 'restore':
      return await updateRuns(tx.db, scope, ids, { deletedAt: null, purgeRequestedAt: null })
    case 'move':
      return
  }
}

/** After the commit: writers of deleted runs hear it, those of restored ones may go on, screens look again. */
async function tellAll(
  ctx: Context,
  scope: ProjectScope,
  runs: readonly HeldRun[],
  change: KnownChange,
  target: MoveTarget | null,
): Promise<void> {
  for (const run of runs) {
    if (change.do === 'delete')
      await tellWriter(ctx, run.id, { ...(await holderOf(ctx, scope, run.id)), state: 'deleted' })
    if (change.do === 'restore') {
      const state = run.ended_at === null ? ('open' as const) : ('finished' as const)
      await ctx.services.metrics.reopen(run.id, { ...(await holderOf(ctx, scope, run.id)), state })
    }
    if (target) tellMoved(ctx, scope, target.scope, run.id)
    else tellState(ctx, scope, run.id)
  }
}

const tooMany = (chosen: number, most: number): Refusal =>
  new Refusal(
    'too_large',
    `${chosen.toLocaleString('en')} runs are chosen; at most ${most.toLocaleString('en')} are changed so at once. Narrow the choice, and do it in parts.`,
    { limit: most },
  )

const NAMED_MAX = 3

function cannot(change: KnownChange, chosen: number, leftOut: readonly LeftOut[]): Refusal {
  const named = leftOut.slice(0, NAMED_MAX).map(({ number, why }) => `#${number}: ${why}`)
  const more = leftOut.length > NAMED_MAX ? ` And ${leftOut.length - NAMED_MAX} more.` : ''
  return new Refusal(
    'conflict',
    `Nothing was changed: ${leftOut.length} of ${chosen} runs cannot be ${PAST[change.do]}. ${named.join(' ')}${more} Leave them out, or clear the way first.`,
    { left_out: leftOut },
  )
}

const PAST: Readonly<Record<KnownChange['do'], string>> = {
  tag: 'tagged',
  untag: 'untagged',
  group: 'grouped',
  star: 'starred',
  unstar: 'unstarred',
  archive: 'archived',
  unarchive: 'brought back',
  move: 'moved',
  delete: 'deleted',
  restore: 'restored',
}
