import { sql } from 'drizzle-orm'
import type { BenchmarkRole } from '#src/core/evaluations/benchmarks.ts'
import { experimentBenchmarks } from '#src/db/schema/stage-benchmarks.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** The role of a benchmark for a stage that has said nothing of it yet: an evaluation suggests one, the stage decides. */
export async function suggestBenchmarkRole(
  db: Handle,
  scope: Scope,
  experimentId: number,
  benchmarkId: number,
  role: BenchmarkRole,
): Promise<void> {
  await db
    .insert(experimentBenchmarks)
    .values({ workspaceId: scope.workspaceId, experimentId, benchmarkId, role })
    .onConflictDoUpdate({
      target: [experimentBenchmarks.experimentId, experimentBenchmarks.benchmarkId],
      set: { role: sql`coalesce(${experimentBenchmarks.role}, excluded.role)` },
    })
}

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
