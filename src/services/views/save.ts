import { randomInt } from 'node:crypto'
import type { ViewAudience } from '#src/core/views/views.ts'
import { deleteView as eraseView, changeView as writeView } from '#src/db/queries/views/change-view.ts'
import { insertView } from '#src/db/queries/views/insert-view.ts'
import { putLastView } from '#src/db/queries/views/last-view.ts'
import { findView, type ViewRow } from '#src/db/queries/views/read-views.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { LastView, SavedView, ViewChange, ViewInput } from '#src/protocol/views.ts'
import { actorName } from '#src/services/actor.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { requireUser } from '#src/services/auth/require-user.ts'
import { authorize } from '#src/services/authorize.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant, Refusal } from '#src/services/errors.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { personOf, viewSavedView } from './view.ts'

interface Place {
  workspace?: string | undefined
  project: string
}

/**
 * Saves the state of a page: for oneself, for all who read the project, or as a link. A link saved again under its key with the
 * same state is the same link.
 *
 * @throws Refusal `conflict` when the key is taken; `forbidden` for a shared view of who may not write notes; `unauthenticated` for a
 *   key that would own a private view or a link; `not_found`
 */
export async function saveView(ctx: Context, input: Place & ViewInput): Promise<SavedView> {
  const { scope } = await openProject(ctx, input, 'run:read')
  maySave(ctx, scope, input.audience)
  const key = input.key ?? newKey()
  const by = actorName(ctx.actor)
  return await inTransaction(ctx, async (tx) => {
    const added = await insertView(tx.db, scope, {
      key,
      page: input.page,
      audience: input.audience,
      name: input.name ?? null,
      state: input.state,
      ownerId: personOf(ctx),
      createdBy: by,
      updatedBy: by,
      updatedAt: ctx.services.now().toISOString(),
    })
    const row = await findView(tx.db, scope, { key, userId: personOf(ctx) })
    const isSameLink = row?.audience === 'link' && input.audience === 'link' && row.state === input.state
    if (!added && !isSameLink) throw new Refusal('conflict', `The key ${key} names another view. Save without a key.`)
    invariant(row, 'a view that was just saved is there')
    if (added && input.audience === 'shared') await auditView(tx, scope, 'view.share', row)
    return viewSavedView(tx, row)
  })
}

/**
 * Changes the name, the state or the audience of a view; what is left out stays. A private one is its owner's to change, a shared one
 * that of whoever may write notes.
 *
 * @throws Refusal `conflict`, with the view as it is now in `current`, when somebody changed it since `revision`; `not_found`,
 *   `forbidden`
 */
export async function changeView(ctx: Context, input: Place & ViewChange & { view: string }): Promise<SavedView> {
  const { scope, row } = await openSaved(ctx, input)
  if (input.audience !== undefined) maySave(ctx, scope, input.audience)
  const { revision, name, state, audience } = input
  return await inTransaction(ctx, async (tx) => {
    const isChanged = await writeView(
      tx.db,
      scope,
      { id: row.id, revision },
      {
        ...(name !== undefined && { name }),
        ...(state !== undefined && { state }),
        ...(audience !== undefined && { audience }),
        // Who takes a shared view for themselves is its owner from then on.
        ...(audience === 'private' && { ownerId: personOf(ctx) }),
        updatedBy: actorName(ctx.actor),
        updatedAt: ctx.services.now().toISOString(),
      },
    )
    const held = await findView(tx.db, scope, { key: input.view, userId: personOf(ctx) })
    if (!isChanged || !held) throw changedMeanwhile(tx, held, input.view)
    if (row.audience === 'shared' || held.audience === 'shared') await auditView(tx, scope, 'view.change', held)
    return viewSavedView(tx, held)
  })
}

/**
 * Deletes a view and gives it back, so that saving it again under its key undoes that.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function deleteView(ctx: Context, input: Place & { view: string }): Promise<SavedView> {
  const { scope, row } = await openSaved(ctx, input)
  await inTransaction(ctx, async (tx) => {
    await eraseView(tx.db, scope, row.id)
    if (row.audience === 'shared') await auditView(tx, scope, 'view.delete', row)
  })
  return viewSavedView(ctx, row)
}

/**
 * Notes what the person sees of a page, so that it opens so the next time.
 *
 * @throws Refusal `unauthenticated` for a key; `not_found`
 */
export async function keepLastView(ctx: Context, input: Place & LastView): Promise<void> {
  const { scope } = await openProject(ctx, input, 'view:keep-own')
  const { userId } = requireUser(ctx)
  const { page, state, view } = input
  await putLastView(ctx.db, scope, { page, state, view, userId, at: ctx.services.now().toISOString() })
}

/** A named view that the caller may change. */
async function openSaved(
  ctx: Context,
  input: Place & { view: string },
): Promise<{ scope: ProjectScope; row: ViewRow }> {
  const { scope } = await openProject(ctx, input, 'run:read')
  const row = await findView(ctx.db, scope, { key: input.view, userId: personOf(ctx) })
  if (!row || row.audience === 'link')
    throw new Refusal(
      'not_found',
      `The view ${input.view} was deleted, or is private to somebody else of this project.`,
    )
  maySave(ctx, scope, row.audience)
  return { scope, row }
}

function maySave(ctx: Context, scope: ProjectScope, audience: ViewAudience): void {
  authorize(ctx.actor, audience === 'shared' ? 'note:write' : 'view:keep-own', scope)
  if (audience === 'shared')
    refusePrograms(ctx, 'note:write', 'People share views, in the browser or with an admin key.')
  else requireUser(ctx)
}

const auditView = (tx: Context, scope: ProjectScope, action: string, row: ViewRow): Promise<void> =>
  audit(tx, {
    workspaceId: scope.workspaceId,
    action,
    resource: `view:${row.key}`,
    detail: { name: row.name, page: row.page },
  })

const changedMeanwhile = (ctx: Context, held: ViewRow | null, key: string): Refusal =>
  held
    ? new Refusal(
        'conflict',
        `${held.updatedBy} changed the view “${held.name}” since you opened it. Choose which of the two stays; yours is still on your screen.`,
        { current: viewSavedView(ctx, held) },
      )
    : new Refusal('not_found', `The view ${key} was deleted meanwhile. Save yours under a name of its own.`)

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const newKey = (): string => Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
