import { findBenchmarks, insertBenchmarks } from '#src/db/queries/evaluations/benchmarks.ts'
import { setBenchmarkRole } from '#src/db/queries/experiments/set-benchmark-role.ts'
import type { Scope } from '#src/db/scope.ts'
import type { ExperimentInput } from '#src/protocol/experiments.ts'
import type { Context } from '#src/services/context.ts'
import { UNDEFINED_CATEGORY } from '#src/services/evaluations/named-benchmark.ts'

/**
 * Notes what benchmarks mean to a stage and how much of each it may lose. A benchmark that nobody has defined yet is named here
 * and gets its definition from the first evaluation.
 */
export async function saveBenchmarkRoles(
  ctx: Context,
  scope: Scope,
  experimentId: number,
  benchmarks: ExperimentInput['benchmarks'],
): Promise<void> {
  if (benchmarks.length === 0) return
  const slugs = benchmarks.map((b) => b.benchmark)
  await insertBenchmarks(
    ctx.db,
    scope,
    slugs.map((slug) => ({ slug, name: slug, category: UNDEFINED_CATEGORY, kind: 'other', orientation: 1 })),
  )
  const ids = new Map((await findBenchmarks(ctx.db, scope, slugs)).map((row) => [row.slug, row.id]))
  for (const { benchmark, role, tolerance } of benchmarks) {
    const id = ids.get(benchmark)
    if (id !== undefined)
      await setBenchmarkRole(ctx.db, scope, experimentId, id, { role: role ?? null, tolerance: tolerance ?? null })
  }
}
