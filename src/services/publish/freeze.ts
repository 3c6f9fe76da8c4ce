/** Tables kept as they stand: made, listed, read beside what the live table says now, and taken away. */
import type { FrozenDocument } from '#src/core/publish/frozen.ts'
import { tableDifferences } from '#src/core/publish/table-differences.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import {
  deleteFrozenTable as deleteRow,
  type FrozenTableRow,
  findFrozenTable,
  insertFrozenTable,
  listFrozenTables as listRows,
} from '#src/db/queries/publish/frozen-tables.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { type FreezeInput, type FrozenSummary, type FrozenTable, PublishQuery } from '#src/protocol/publish.ts'
import { actorName } from '#src/services/actor.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, notFound, Refusal } from '#src/services/errors.ts'
import { newUid } from '#src/services/new-uid.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { getPublishedTable } from './get-table.ts'

interface InProject {
  workspace?: string | undefined
  project: string
}

/** Differences that one answer tells. */
const DIFFERENCES_MAX = 200

/**
 * Keeps a published table as it stands, under an id of its own. Later scores change the live table and leave this one as it is.
 *
 * @throws Refusal `invalid_request` for a table without rows and for groups that cannot be read; `not_found`, `forbidden`
 */
export async function freezeTable(ctx: Context, input: FreezeInput & InProject): Promise<FrozenTable> {
  const { scope } = await openProject(ctx, input, 'note:write')
  refusePrograms(ctx, 'note:write', 'People freeze tables, in the browser or with an admin key.')
  const { title, workspace, project, ...query } = input
  const live = await getPublishedTable(ctx, { ...query, workspace, project })
  if (live.empty !== null) throw invalid('/table', `There is nothing to freeze: ${live.empty}`)
  const uid = newUid(ctx)
  const { table, decimals, intervals, lost, change, turned, groups } = query
  await inTransaction(ctx, async (tx) => {
    await insertFrozenTable(tx.db, scope, {
      uid,
      title: title ?? live.title,
      // The model by its number: the end of the longest path may be another one tomorrow.
      choice: {
        table,
        model: table === 'models' ? null : (live.model?.number ?? null),
        decimals,
        intervals,
        lost,
        change,
        turned,
        groups: groups ?? null,
      },
      document: {
        title: live.title,
        table: live.table,
        footRows: live.foot_rows,
        notes: live.notes,
        sentence: live.sentence,
      },
      createdBy: actorName(ctx.actor),
    })
    await audit(tx, { workspaceId: scope.workspaceId, action: 'table.freeze', resource: `frozen-table:${uid}` })
  })
  return await getFrozenTable(ctx, { workspace, project, table: uid })
}

/**
 * The frozen tables of a project, the newest first.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listFrozenTables(ctx: Context, input: InProject): Promise<{ items: FrozenSummary[] }> {
  const { scope } = await openProject(ctx, input, 'eval:read')
  return { items: (await listRows(ctx.db, scope)).map((row) => summaryOf(ctx, scope, row)) }
}

/**
 * A frozen table as it was printed, and where the live one says something else now.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getFrozenTable(ctx: Context, input: InProject & { table: string }): Promise<FrozenTable> {
  const { scope } = await openProject(ctx, input, 'eval:read')
  const row = await findFrozenTable(ctx.db, scope, input.table)
  if (!row) throw notFound('This frozen table')
  const { title, table, footRows, notes, sentence } = row.document
  const printed = {
    columns: table.columns.map((column) => ({ ...column })),
    rows: table.rows.map((cells) => cells.map((cell) => ({ ...cell }))),
  }
  return {
    ...summaryOf(ctx, scope, row),
    document: { title, table: printed, foot_rows: footRows, notes: [...notes], sentence },
    now: await nowOf(ctx, input, row),
  }
}

/**
 * Takes a frozen table away for good: its author, or who may delete in the project.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function deleteFrozenTable(ctx: Context, input: InProject & { table: string }): Promise<void> {
  const { scope } = await openProject(ctx, input, 'note:write')
  refusePrograms(ctx, 'note:write', 'People delete frozen tables, in the browser or with an admin key.')
  const row = await findFrozenTable(ctx.db, scope, input.table)
  if (!row) throw notFound('This frozen table')
  if (!mayDelete(ctx, scope, row))
    throw new Refusal('forbidden', `${row.by} froze this table. Ask them, or an admin of the workspace.`, {
      permission: 'project:delete',
    })
  await inTransaction(ctx, async (tx) => {
    await deleteRow(tx.db, scope, row.id)
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'table.delete',
      resource: `frozen-table:${row.uid}`,
      detail: { title: row.title },
    })
  })
}

function mayDelete(ctx: Context, scope: ProjectScope, row: FrozenTableRow): boolean {
  const permissions = permissionsIn(ctx.actor, scope) ?? []
  return (
    permissions.includes('project:delete') ||
    (permissions.includes('note:write') && row.created_by === actorName(ctx.actor))
  )
}

const summaryOf = (ctx: Context, scope: ProjectScope, row: FrozenTableRow): FrozenSummary => ({
  id: row.uid,
  title: row.title,
  choice: row.choice,
  by: row.by,
  at: instantOf(row.at),
  may_delete: mayDelete(ctx, scope, row),
})

/** What the live table of the same choice says otherwise; a choice that no longer leads anywhere says why. */
async function nowOf(
  ctx: Context,
  input: InProject,
  row: FrozenTableRow & { document: FrozenDocument },
): Promise<FrozenTable['now']> {
  const { model, groups, ...choice } = row.choice
  const query = PublishQuery.parse({
    ...choice,
    ...(model !== null && { model }),
    ...(groups !== null && { groups }),
  })
  try {
    const live = await getPublishedTable(ctx, { ...query, workspace: input.workspace, project: input.project })
    if (live.empty !== null) return { differences: [], total: 0, gone: live.empty }
    const differences = tableDifferences(row.document.table, live.table)
    return { differences: differences.slice(0, DIFFERENCES_MAX), total: differences.length, gone: null }
  } catch (error) {
    if (error instanceof Refusal && (error.code === 'not_found' || error.code === 'invalid_request'))
      return { differences: [], total: 0, gone: error.message }
    throw error
  }
}
