import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import { benchmarks } from '#src/db/schema/evaluations.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type BenchmarkRow = typeof benchmarks.$inferSelect
export type NewBenchmark = Omit<typeof benchmarks.$inferInsert, 'id' | 'workspaceId' | 'createdAt'>

/** Benchmarks of the workspace by their slugs. */
export async function findBenchmarks(db: Handle, scope: Scope, slugs: readonly string[]): Promise<BenchmarkRow[]> {
  if (slugs.length === 0) return []
  return await db
    .select()
    .from(benchmarks)
    .where(and(eq(benchmarks.workspaceId, scope.workspaceId), inArray(benchmarks.slug, [...slugs])))
}

/** Benchmarks of the workspace by their ids. */
export async function findBenchmarksById(db: Handle, scope: Scope, ids: readonly number[]): Promise<BenchmarkRow[]> {
  if (ids.length === 0) return []
  return await db
    .select()
    .from(benchmarks)
    .where(and(eq(benchmarks.workspaceId, scope.workspaceId), inArray(benchmarks.id, [...ids])))
}

/** Makes benchmarks, in one order whoever makes them; what is there stays as it is. */
export async function insertBenchmarks(db: Handle, scope: Scope, rows: readonly NewBenchmark[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insert(benchmarks)
    .values(
      rows.toSorted((a, b) => (a.slug < b.slug ? -1 : 1)).map((row) => ({ ...row, workspaceId: scope.workspaceId })),
    )
    .onConflictDoNothing()
}

/** Gives a benchmark that was only named so far its definition. Answers null when somebody was first. */
export async function defineBenchmark(
  db: Handle,
  scope: Scope,
  definition: NewBenchmark,
  undefinedCategory: string,
): Promise<BenchmarkRow | null> {
  const rows = await db
    .update(benchmarks)
    .set(definition)
    .where(
      and(
        eq(benchmarks.workspaceId, scope.workspaceId),
        eq(benchmarks.slug, definition.slug),
        eq(benchmarks.category, undefinedCategory),
      ),
    )
    .returning()
  return rows[0] ?? null
}

/** Slugs of the benchmarks that somebody has defined. */
export async function listBenchmarkSlugs(db: Handle, scope: Scope, undefinedCategory: string): Promise<string[]> {
  const rows = await db
    .select({ slug: benchmarks.slug })
    .from(benchmarks)
    .where(and(eq(benchmarks.workspaceId, scope.workspaceId), ne(benchmarks.category, undefinedCategory)))
  return rows.map(({ slug }) => slug)
}

/** What a definition may leave open for a later one. */
export type OpenFields = Pick<
  BenchmarkRow,
  'use' | 'chance' | 'best' | 'unit' | 'margin' | 'twinId' | 'gain' | 'validUntil' | 'domain' | 'facet'
>

/** Gives a benchmark what its definition left open; what is there stays. */
export async function completeBenchmark(db: Handle, scope: Scope, id: number, open: OpenFields): Promise<BenchmarkRow> {
  const [row] = await db
    .update(benchmarks)
    .set({
      use: sql`coalesce(${benchmarks.use}, ${open.use})`,
      chance: sql`coalesce(${benchmarks.chance}, ${open.chance}::float8)`,
      best: sql`coalesce(${benchmarks.best}, ${open.best}::float8)`,
      unit: sql`coalesce(${benchmarks.unit}, ${open.unit})`,
      margin: sql`coalesce(${benchmarks.margin}, ${open.margin}::float8)`,
      twinId: sql`coalesce(${benchmarks.twinId}, ${open.twinId}::bigint)`,
      gain: sql`coalesce(${benchmarks.gain}, ${open.gain})`,
      validUntil: sql`coalesce(${benchmarks.validUntil}, ${open.validUntil}::date)`,
      domain: sql`coalesce(${benchmarks.domain}, ${open.domain})`,
      // A facet belongs to the domain with which it was said.
      facet: sql`coalesce(${benchmarks.facet}, case when coalesce(${benchmarks.domain}, ${open.domain}) = ${open.domain} then ${open.facet} end)`,
    })
    .where(and(eq(benchmarks.workspaceId, scope.workspaceId), eq(benchmarks.id, id)))
    .returning()
  if (!row) throw new Error('a benchmark of a proven scope has gone')
  return row
}

/** The benchmark, held until the transaction ends; null when there is none of this slug. */
export async function lockBenchmark(db: Handle, scope: Scope, slug: string): Promise<BenchmarkRow | null> {
  const [row] = await db
    .select()
    .from(benchmarks)
    .where(and(eq(benchmarks.workspaceId, scope.workspaceId), eq(benchmarks.slug, slug)))
    .for('no key update')
  return row ?? null
}

/** Changes a definition. */
export async function updateBenchmark(
  db: Handle,
  scope: Scope,
  id: number,
  change: Partial<Omit<NewBenchmark, 'slug'>>,
): Promise<void> {
  await db
    .update(benchmarks)
    .set(change)
    .where(and(eq(benchmarks.workspaceId, scope.workspaceId), eq(benchmarks.id, id)))
}

/** How many evaluations, superseded ones too, count by a benchmark's definition. */
export async function countEvaluations(db: Handle, scope: Scope, benchmarkId: number): Promise<number> {
  const [row] = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from evaluations
    where workspace_id = ${scope.workspaceId} and benchmark_id = ${benchmarkId}`)
  return row?.n ?? 0
}

/** Slugs of benchmarks by their ids. */
export async function listSlugsOfBenchmarks(
  db: Handle,
  scope: Scope,
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: benchmarks.id, slug: benchmarks.slug })
    .from(benchmarks)
    .where(and(eq(benchmarks.workspaceId, scope.workspaceId), inArray(benchmarks.id, [...ids])))
  return new Map(rows.map(({ id, slug }) => [id, slug]))
}
