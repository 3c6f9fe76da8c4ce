import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Keeps hashes (hexadecimal) of rows of a data set's version; those that are there stay. */
export async function insertTrainingHashes(
  db: Handle,
  scope: Scope,
  datasetVersionId: number,
  { rowIds, hashes }: { rowIds: readonly string[]; hashes: readonly string[] },
): Promise<void> {
  await db.execute(sql`
    insert into training_hashes (workspace_id, dataset_version_id, hash, row_id)
    select distinct ${scope.workspaceId}::int, ${datasetVersionId}::bigint, decode(w.hash, 'hex'), w.row_id
    from unnest(${sql.param([...rowIds])}::text[], ${sql.param([...hashes])}::text[]) as w(row_id, hash)
    order by 3, 4
    on conflict do nothing`)
}

/** How many hashes of a data set's version are kept, counted no further than `most`. */
export async function countTrainingHashes(
  db: Handle,
  scope: Scope,
  datasetVersionId: number,
  most: number,
): Promise<number> {
  const [row] = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from (
      select from training_hashes
      where workspace_id = ${scope.workspaceId} and dataset_version_id = ${datasetVersionId} limit ${most}) as counted`)
  return row?.n ?? 0
}

/** A data set in the mixtures of experiments. */
export interface MixtureDataset extends Record<string, unknown> {
  experimentId: number
  datasetVersionId: number
  dataset: string
  reported: boolean
}

/** The data sets that experiments train on, with whether hashes of them are known. */
export async function listMixtureDatasets(
  db: Handle,
  scope: Scope,
  experimentIds: readonly number[],
): Promise<MixtureDataset[]> {
  if (experimentIds.length === 0) return []
  return await db.execute<MixtureDataset>(sql`
    select distinct m.experiment_id as "experimentId", v.id as "datasetVersionId", d.slug || '@' || v.version as dataset,
      exists (select from training_hashes t where t.dataset_version_id = v.id) as reported
    from mixture_sources m
    join dataset_versions v on v.id = m.dataset_version_id
    join datasets d on d.id = v.dataset_id
    where m.workspace_id = ${scope.workspaceId} and m.experiment_id in ${[...experimentIds]}
    order by dataset, "experimentId"`)
}
