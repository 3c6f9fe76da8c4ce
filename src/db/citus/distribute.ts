import { type DatabaseTarget, endClient, openClient, type Sql } from '../clients.ts'
import { DATA_PLANE } from './data-plane.ts'
import { findCitus } from './find-citus.ts'

/** An upper bound of the nodes that can share the load; charts over many runs get slower with more. */
export const SHARDS = 32

export interface Distribution {
  /** Tables that were distributed now, with the bytes that were moved. */
  distributed: { table: string; bytes: number }[]
  /** Tables that had been. */
  before: string[]
  /** Nodes that take shards. */
  nodes: string[]
  shards: number
}

/**
 * Spreads the data plane of a migrated database over the nodes of its Citus cluster, an empty one as a filled one; what is done
 * already is left alone. Each table is a transaction: after a failure it goes on where it stopped.
 *
 * @throws Error when the database has no Citus, no node takes shards, or a server has connections to it
 */
export async function distribute(target: DatabaseTarget): Promise<Distribution> {
  const sql = openClient(target, { max: 1, name: 'descent distribute', statementTimeoutMs: 0 })
  try {
    const facts = await findCitus(sql)
    if (!facts)
      throw new Error(
        'This database has no Citus: there is nothing to distribute to. On the coordinator and on every worker run: create extension citus',
      )
    await refuseBesideServer(sql)
    const nodes = await listNodes(sql)
    if (nodes.length === 0)
      throw new Error(
        "No node of this cluster takes shards. Add one on the coordinator: select citus_add_node('worker-1', 5432)",
      )
    const distributed: Distribution['distributed'] = []
    for (const table of DATA_PLANE)
      if (facts.local.includes(table)) distributed.push({ table, bytes: await distributeTable(sql, table) })
    // Distribution drops the options of toast tables; set again, they reach all shards.
    await sql.unsafe(
      'alter table metric_tail set (toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_cost_delay = 0, toast.vacuum_truncate = off)',
    )
    return { distributed, before: facts.distributed, nodes, shards: await countShards(sql) }
  } finally {
    await endClient(sql)
  }
}

/** A server chooses its statements when it starts: those for local tables fail on distributed ones. */
async function refuseBesideServer(sql: Sql): Promise<void> {
  const rows = await sql<{ name: string }[]>`
    select distinct application_name as name from pg_stat_activity
    where datname = current_database() and application_name in ('descent sql', 'descent drizzle')`
  if (rows.length > 0)
    throw new Error(
      'A server is connected to this database. Stop every server of it, distribute, and start them again.',
    )
}

async function listNodes(sql: Sql): Promise<string[]> {
  const rows = await sql<{ node: string }[]>`
    select nodename || ':' || nodeport as node from pg_dist_node
    where noderole = 'primary' and isactive and shouldhaveshards order by 1`
  return rows.map((row) => row.node)
}

/** @returns bytes that lay in the local table */
async function distributeTable(sql: Sql, table: string): Promise<number> {
  const [before] = await sql<{ bytes: number }[]>`select pg_table_size(to_regclass(${table})) as bytes`
  const [first] = DATA_PLANE
  if (table === first) await sql`select create_distributed_table(${table}, 'run_id', shard_count := ${SHARDS}::int)`
  else await sql`select create_distributed_table(${table}, 'run_id', colocate_with := ${first})`
  // The rows were copied into shards; the local ones are out of sight and take their space still.
  await sql`select truncate_local_data_after_distributing_table(to_regclass(${table}))`
  return before?.bytes ?? 0
}

async function countShards(sql: Sql): Promise<number> {
  const [row] = await sql<{ shards: number }[]>`
    select count(*)::int as shards from pg_dist_shard where logicalrelid = to_regclass(${DATA_PLANE[0]})`
  return row?.shards ?? 0
}
