import { and, asc, eq, sql } from 'drizzle-orm'
import { benchmarks } from '#src/db/schema/evaluations.ts'
import { experimentBenchmarks } from '#src/db/schema/stage-benchmarks.ts'
import type { Scope } from '#src/db/scope.ts'
import { numbers } from '../array-literal.ts'
import type { Handle } from '../handle.ts'

export type BenchmarkRoleRow = Awaited<ReturnType<typeof listBenchmarkRoles>>[number]

/** What benchmarks mean to these stages, where somebody said it. */
export async function listBenchmarkRoles(db: Handle, scope: Scope, experimentIds: readonly number[]) {
  if (experimentIds.length === 0) return []
  return await db
    .select({
      experimentId: experimentBenchmarks.experimentId,
      benchmarkId: experimentBenchmarks.benchmarkId,
      benchmark: benchmarks.slug,
      role: experimentBenchmarks.role,
      tolerance: experimentBenchmarks.tolerance,
    })
    .from(experimentBenchmarks)
    .innerJoin(benchmarks, eq(benchmarks.id, experimentBenchmarks.benchmarkId))
    .where(
      and(
        eq(experimentBenchmarks.workspaceId, scope.workspaceId),
        sql`${experimentBenchmarks.experimentId} = any(${numbers(experimentIds)}::bigint[])`,
      ),
    )
    .orderBy(asc(experimentBenchmarks.experimentId), asc(benchmarks.slug))
}
