import { and, asc, eq, gt, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { runs } from '../../schema/runs.ts'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export interface ExportRun {
  id: number
  number: number
  uid: string
}

/** Runs by ranges of numbers, both ends included, and by uids. */
export interface NamedRuns {
  ranges: readonly (readonly [number, number])[]
  uids: readonly string[]
}

/**
 * Runs of a project that are not deleted, by number.
 *
 * @param named null: all
 * @param after numbers above this one
 */
export async function listExportRuns(
  db: Handle,
  scope: ProjectScope,
  { named, after, limit }: { named: NamedRuns | null; after: number; limit: number },
): Promise<ExportRun[]> {
  return db
    .select({ id: runs.id, number: runs.number, uid: runs.uid })
    .from(runs)
    .where(and(isExported(scope, named), gt(runs.number, after)))
    .orderBy(asc(runs.number))
    .limit(limit)
}

/** The numbers of those of which raw points are gone, or are about to go; ascending. */
export async function listThinnedRuns(
  db: Handle,
  scope: ProjectScope,
  { named, limit }: { named: NamedRuns | null; limit: number },
): Promise<number[]> {
  const rows = await db
    .select({ number: runs.number })
    .from(runs)
    .where(and(isExported(scope, named), or(isNotNull(runs.thinnedAt), isNotNull(runs.thinningAt))))
    .orderBy(asc(runs.number))
    .limit(limit)
  return rows.map((row) => row.number)
}

const isExported = (scope: ProjectScope, named: NamedRuns | null): SQL | undefined =>
  and(
    eq(runs.workspaceId, scope.workspaceId),
    eq(runs.projectId, scope.projectId),
    isNull(runs.deletedAt),
    named ? or(sql`${rangesText(named)}::int8multirange @> ${runs.number}::bigint`, isOneOf(named.uids)) : undefined,
  )

const isOneOf = (uids: readonly string[]) => (uids.length > 0 ? inArray(runs.uid, [...uids]) : undefined)

const rangesText = ({ ranges }: NamedRuns): string => `{${ranges.map(([from, to]) => `[${from},${to}]`).join(',')}}`
