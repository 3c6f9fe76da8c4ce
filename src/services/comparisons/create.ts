import { insertComparison } from '#src/db/queries/comparisons/insert-comparison.ts'
import { insertEntries } from '#src/db/queries/comparisons/insert-entries.ts'
import { freezeComparison } from '#src/db/queries/comparisons/update-comparison.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Comparison, ComparisonInput } from '#src/protocol/comparisons.ts'
import { actorName } from '#src/services/actor.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { newUid } from '#src/services/new-uid.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'
import { getComparison } from './get.ts'
import { type Entry, nameOf, openEntries, targetOf } from './open-entry.ts'
import { sideBySide } from './side-by-side.ts'

/**
 * Keeps a comparison under a link: live, or with the numbers as they are now.
 *
 * @throws Refusal `invalid_request` for an entry that cannot be found or comes twice, and a baseline that is none of them;
 *   `not_found`, `forbidden`
 */
export async function createComparison(
  ctx: Context,
  input: ComparisonInput & { workspace?: string | undefined },
): Promise<Comparison> {
  const { scope } = await openWorkspace(ctx, input, 'note:write')
  refusePrograms(ctx, 'note:write', 'People keep comparisons, in the browser or with an admin key.')
  const entries = markBaseline(await openEntries(ctx, scope, input), input.entries, input.baseline)
  const uid = newUid(ctx)
  const frozen = input.frozen ? await freeze(ctx, scope, entries) : null
  await inTransaction(ctx, async (tx) => {
    const id = await insertComparison(tx.db, scope, { uid, title: input.title, createdBy: actorName(ctx.actor) })
    await insertEntries(
      tx.db,
      scope,
      id,
      entries.map(({ kind, target_id, is_baseline }) => ({ kind, id: target_id, isBaseline: is_baseline })),
    )
    if (frozen) await freezeComparison(tx.db, scope, id, frozen, ctx.services.now().toISOString())
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'comparison.create',
      resource: `comparison:${uid}`,
      detail: { title: input.title, entries: entries.length },
    })
  })
  return getComparison(ctx, { workspace: input.workspace, comparison: uid })
}

/**
 * Entries of which one is the baseline: the named one, else the first.
 *
 * @param names parallel to the entries, as the caller wrote them
 * @throws Refusal `invalid_request` when it is none of them
 */
export function markBaseline(
  entries: readonly Entry[],
  names: readonly string[],
  baseline: string | undefined,
): Entry[] {
  const named = entries.findIndex((entry, i) => names[i] === baseline || nameOf(entry) === baseline)
  if (baseline !== undefined && named < 0)
    throw invalid('/baseline', `The baseline "${baseline}" is none of the entries: ${names.join(', ')}.`)
  return entries.map((entry, i) => ({ ...entry, is_baseline: i === Math.max(0, named) }))
}

/** What is kept of a comparison when it is frozen. */
export async function freeze(ctx: Context, scope: Scope, entries: readonly Entry[]): Promise<Record<string, unknown>> {
  const sides = await sideBySide(ctx, scope, entries)
  return { sides, targets: entries.map(targetOf) }
}
