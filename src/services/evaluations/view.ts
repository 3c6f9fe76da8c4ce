import { gainLabel } from '#src/core/evaluations/gain-label.ts'
import type { ScoreInterval } from '#src/core/evaluations/score-interval.ts'
import type { BenchmarkColumns } from '#src/db/queries/evaluations/benchmark-columns.ts'
import type { EvaluationViewRow } from '#src/db/queries/evaluations/list-evaluations.ts'
import { instantOf, instantOrNull } from '#src/db/queries/instant.ts'
import type { Benchmark, Evaluation } from '#src/protocol/evaluations.ts'

/** A benchmark as every door shows it. */
export const viewBenchmark = (row: BenchmarkColumns): Benchmark => ({
  slug: row.slug,
  name: row.name,
  category: row.category,
  kind: row.kind,
  higher_is_better: row.orientation === 1,
  chance: row.chance,
  best: row.best,
  unit: row.unit,
  use: row.use,
  margin: row.margin,
  twin: row.twin,
  ...toldFacts(row),
})

/** What only some benchmarks say; the rest is absent, since every cell of a table carries its benchmark. */
function toldFacts(row: BenchmarkColumns): Partial<Benchmark> {
  const gain = gainLabel(row)
  return {
    ...(gain && { gain: gain.label, gain_by: gain.by }),
    ...(row.valid_until !== null && { valid_until: row.valid_until }),
    ...(row.domain !== null && { domain: row.domain }),
    ...(row.facet !== null && { facet: row.facet }),
    ...(row.part !== null && row.pair !== null && { part: row.part, pair: row.pair }),
  }
}

/** An evaluation as every door shows it. */
export const viewEvaluation = (row: EvaluationViewRow, interval: ScoreInterval): Evaluation => ({
  id: row.uid,
  checkpoint: row.checkpoint_uid,
  benchmark: viewBenchmark(row),
  metric: row.metric,
  score: row.score,
  stderr: row.stderr,
  low: interval.low,
  high: interval.high,
  interval_note: interval.note,
  n: row.n,
  n_missing: row.n_missing,
  variant: row.variant,
  n_clusters: row.n_clusters,
  n_items: row.n_items,
  seed: row.seed,
  scale: row.scale,
  source: row.source,
  imported_from: row.imported_from,
  status: row.status,
  fingerprint: row.fingerprint,
  protocol: { ...row.protocol, ...row.soft },
  measured_at: instantOrNull(row.measured_at),
  created_at: instantOf(row.created_at),
  superseded: row.superseded,
})
