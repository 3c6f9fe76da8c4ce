import { deleteEntries } from '#src/db/queries/comparisons/delete-entries.ts'
import { insertEntries } from '#src/db/queries/comparisons/insert-entries.ts'
import { listEntries } from '#src/db/queries/comparisons/list-entries.ts'
import { type ComparisonEdit, updateComparison as updateRow } from '#src/db/queries/comparisons/update-comparison.ts'
import type { Comparison, ComparisonChange } from '#src/protocol/comparisons.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { freeze, markBaseline } from './create.ts'
import { type ComparisonPlace, getComparison, openComparison } from './get.ts'
import { type Entry, nameOf, openEntries } from './open-entry.ts'
import { isVisible } from './view.ts'

/** What a comparison holds of its entries is decided by those who see them; the others stay as they are, behind. */
const CHANGED_MEANWHILE = 'Somebody changed this comparison meanwhile. Load it again; your change was not kept.'

/**
 * Changes a comparison: its title, what stands in it and against what, and whether its numbers are live or kept.
 *
 * @throws Refusal `conflict` when somebody changed it since `revision`; `invalid_request` for entries that cannot be found, a
 *   baseline that is none of them, and a change of the entries of a frozen one; `not_found`, `forbidden`
 */
export async function updateComparison(ctx: Context, input: ComparisonChange & ComparisonPlace): Promise<Comparison> {
  const { scope, row } = await openComparison(ctx, input, 'note:write')
  refusePrograms(ctx, 'note:write', 'People change comparisons, in the browser or with an admin key.')
  if (row.revision !== input.revision) throw new Refusal('conflict', CHANGED_MEANWHILE)
  const touches = input.entries !== undefined || input.baseline !== undefined
  if (touches && row.frozen_at !== null && input.frozen !== false)
    throw invalid(
      '/entries',
      'This comparison is frozen: its columns and numbers stay as they were. Make it live first.',
    )
  const before = await listEntries(ctx.db, scope, [row.id])
  const hidden = before.filter((entry) => !isVisible(ctx, scope, entry))
  const seen = before.filter((entry) => isVisible(ctx, scope, entry))
  const names = input.entries ?? seen.map(nameOf)
  const opened = touches ? await openEntries(ctx, scope, { workspace: input.workspace, entries: names }) : seen
  const was = seen.find((entry) => entry.is_baseline)
  const stays = was && names.includes(nameOf(was)) ? nameOf(was) : undefined
  const keepsHidden = input.baseline === undefined && hidden.some((entry) => entry.is_baseline)
  const marked = keepsHidden ? opened : markBaseline(opened, names, input.baseline ?? stays)
  const entries: Entry[] = [
    ...marked,
    ...hidden.map((entry) => (keepsHidden ? entry : { ...entry, is_baseline: false })),
  ]
  if (entries.length === 0) throw invalid('/entries', 'A comparison holds at least one entry. Delete it instead.')
  const edit: ComparisonEdit = { ...(input.title !== undefined && { title: input.title }) }
  if (input.frozen === false) Object.assign(edit, { frozen: null, frozenAt: null })
  if (input.frozen === true) {
    const standing = entries.filter((entry) => !('is_deleted' in entry && entry.is_deleted))
    if (hidden.some((entry) => !entry.is_deleted))
      throw new Refusal(
        'forbidden',
        'Some entries are hidden from you. Who may see all of them freezes this comparison.',
        {
          permission: 'run:read',
        },
      )
    Object.assign(edit, {
      frozen: await freeze(ctx, scope, standing),
      frozenAt: ctx.services.now().toISOString(),
    })
  }
  await inTransaction(ctx, async (tx) => {
    if (!(await updateRow(tx.db, scope, { id: row.id, revision: input.revision }, edit)))
      throw new Refusal('conflict', CHANGED_MEANWHILE)
    if (!touches) return
    await deleteEntries(tx.db, scope, row.id)
    await insertEntries(
      tx.db,
      scope,
      row.id,
      entries.map(({ kind, target_id, is_baseline }) => ({ kind, id: target_id, isBaseline: is_baseline })),
    )
  })
  return getComparison(ctx, input)
}
