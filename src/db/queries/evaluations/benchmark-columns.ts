import { sql } from 'drizzle-orm'
import type { BenchmarkKind, BenchmarkUse } from '#src/core/evaluations/benchmarks.ts'
import type { Facet } from '#src/core/evaluations/facets.ts'
import type { GainLabel } from '#src/core/evaluations/gain-label.ts'
import type { Part } from '#src/core/evaluations/paired-parts.ts'

/** What every query tells of a benchmark. */
export interface BenchmarkColumns {
  slug: string
  name: string
  category: string
  kind: BenchmarkKind
  orientation: 1 | -1
  chance: number | null
  best: number | null
  unit: string | null
  use: BenchmarkUse | null
  margin: number | null
  /** Slug of the benchmark that shows its over-refusal. */
  twin: string | null
  gain: GainLabel | null
  /** YYYY-MM-DD */
  valid_until: string | null
  domain: string | null
  facet: Facet | null
  part: Part | null
  /** Slug of the benchmark that measures the other side of its task. */
  pair: string | null
}

/** `BenchmarkColumns` of the benchmark `b`, with `benchmarkLinks` joined. */
export const benchmarkColumns = sql`b.slug, b.name, b.category, b.kind, b.orientation, b.chance, b.best, b.unit, b.use, b.margin,
  t.slug as twin, b.gain, b.valid_until::text as valid_until, b.domain, b.facet, b.part, q.slug as pair`

/** The benchmarks that `b` names: its twin and the other side of its pair. */
export const benchmarkLinks = sql`left join benchmarks t on t.id = b.twin_id left join benchmarks q on q.id = b.pair_id`
