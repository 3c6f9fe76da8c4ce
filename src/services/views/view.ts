import { instantOf } from '#src/db/queries/instant.ts'
import type { ViewRow } from '#src/db/queries/views/read-views.ts'
import type { SavedView } from '#src/protocol/views.ts'
import type { Context } from '#src/services/context.ts'

/** The person who acts; null for a key, which owns no view and sees the shared ones. */
export const personOf = ({ actor }: Context): number | null => (actor.kind === 'user' ? actor.userId : null)

/** A saved view as every door shows it. */
export const viewSavedView = (ctx: Context, row: ViewRow): SavedView => ({
  key: row.key,
  page: row.page,
  audience: row.audience,
  name: row.name,
  state: row.state,
  revision: row.revision,
  mine: row.ownerId !== null && row.ownerId === personOf(ctx),
  owner: row.owner,
  updated_by: row.updatedBy,
  updated_at: instantOf(row.updatedAt),
})
