import type { BenchmarkRole } from '#src/core/evaluations/benchmarks.ts'
import { experimentBenchmarks } from '#src/db/schema/stage-benchmarks.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Sets what is given of a benchmark's meaning to a stage; null takes away what was said. */
export async function setBenchmarkMeaning(
  db: Handle,
  scope: Scope,
  experimentId: number,
  benchmarkId: number,
  meaning: { role?: BenchmarkRole | null; tolerance?: number | null },
): Promise<void> {
  await db
    .insert(experimentBenchmarks)
    .values({ workspaceId: scope.workspaceId, experimentId, benchmarkId, ...meaning })
    .onConflictDoUpdate({
      target: [experimentBenchmarks.experimentId, experimentBenchmarks.benchmarkId],
      set: meaning,
    })
}
