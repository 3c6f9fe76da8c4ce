import type { ViewPage } from '#src/core/views/views.ts'
import { findLastView } from '#src/db/queries/views/last-view.ts'
import { findView, listViews as readViews } from '#src/db/queries/views/read-views.ts'
import type { SavedView, Views } from '#src/protocol/views.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { personOf, viewSavedView } from './view.ts'

interface Place {
  workspace?: string | undefined
  project: string
}

/**
 * The named views of a page that the caller may choose from: own private ones first, then the shared ones, each by name, at
 * most 200; and what the person saw last there.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listViews(ctx: Context, input: Place & { page: ViewPage }): Promise<Views> {
  const { scope } = await openProject(ctx, input, 'run:read')
  const userId = personOf(ctx)
  const [rows, last] = await Promise.all([
    readViews(ctx.db, scope, { page: input.page, userId }),
    userId === null ? null : findLastView(ctx.db, scope, { page: input.page, userId }),
  ])
  return { items: rows.map((row) => viewSavedView(ctx, row)), last }
}

/**
 * A view by its key, with its state: a shared one and a link for whoever reads the project, a private one for its owner.
 *
 * @throws Refusal `not_found` (absent and private to another alike), `forbidden`
 */
export async function getView(ctx: Context, input: Place & { view: string }): Promise<SavedView> {
  const { scope } = await openProject(ctx, input, 'run:read')
  const row = await findView(ctx.db, scope, { key: input.view, userId: personOf(ctx) })
  if (!row)
    throw new Refusal(
      'not_found',
      `The view ${input.view} was deleted, or is private to somebody else of this project.`,
    )
  return viewSavedView(ctx, row)
}
