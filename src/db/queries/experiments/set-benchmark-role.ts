import { sql } from 'drizzle-orm'
import type { BenchmarkRole } from '#src/core/evaluations/benchmarks.ts'
import { experimentBenchmarks } from '#src/db/schema/stage-benchmarks.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** What a benchmark means to a stage. Null members leave what is there. */
export async function setBenchmarkRole(
  db: Handle,
  scope: Scope,
  experimentId: number,
  benchmarkId: number,
  meaning: { role: BenchmarkRole | null; tolerance: number | null },
): Promise<void> {
  await db
    .insert(experimentBenchmarks)
    .values({ workspaceId: scope.workspaceId, experimentId, benchmarkId, ...meaning })
    .onConflictDoUpdate({
      target: [experimentBenchmarks.experimentId, experimentBenchmarks.benchmarkId],
      set: {
        role: sql`coalesce(excluded.role, ${experimentBenchmarks.role})`,
        tolerance: sql`coalesce(excluded.tolerance, ${experimentBenchmarks.tolerance})`,
      },
    })
}
