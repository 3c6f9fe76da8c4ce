import type { ScoreDraft } from '#src/core/imports/score-files.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { BenchmarkRow } from '#src/db/queries/evaluations/benchmarks.ts'
import type { FoundBenchmark, FoundScore } from '#src/protocol/imports.ts'

/** What files say of each benchmark, as the workspace knows it or as the files define it; in the order in which they name them. */
export function foundBenchmarks(
  scores: readonly FoundScore[],
  drafts: readonly ScoreDraft[],
  known: readonly BenchmarkRow[],
): FoundBenchmark[] {
  const definitions = new Map(
    drafts.flatMap(({ evaluation: { benchmark } }) =>
      typeof benchmark === 'string' ? [] : [[benchmark.slug, benchmark]],
    ),
  )
  const rows = new Map(known.map((row) => [row.slug, row]))
  return [...groupBy(scores, (score) => score.benchmark)].map(([slug, of]) => {
    const row = rows.get(slug)
    const defined = definitions.get(slug)
    const values = of.map((score) => score.score)
    const places = of.flatMap(({ checkpoint }) =>
      checkpoint ? [`${checkpoint.experiment.project} ${checkpoint.experiment.number} ${checkpoint.step}`] : [],
    )
    return {
      slug,
      name: row?.name ?? defined?.name ?? slug,
      is_new: row === undefined,
      category: row?.category ?? defined?.category ?? null,
      higher_is_better: row ? row.orientation === 1 : (defined?.higher_is_better ?? null),
      metrics: [...new Set(of.map((score) => score.metric))],
      scores: of.length,
      checkpoints: new Set(places).size,
      items: of.reduce((sum, score) => sum + score.items, 0),
      low: Math.min(...values),
      high: Math.max(...values),
    }
  })
}
