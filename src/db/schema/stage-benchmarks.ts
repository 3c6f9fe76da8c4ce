/** What the benchmarks mean to each stage, and what the stage may lose of them together. */
import { sql } from 'drizzle-orm'
import { bigint, check, doublePrecision, foreignKey, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { BENCHMARK_ROLES } from '../../core/evaluations/benchmarks.ts'
import { GATES } from '../../core/forgetting/budget.ts'
import { oneOf, workspaceId } from './columns.ts'
import { benchmarks } from './evaluations.ts'
import { experiments } from './experiments.ts'

/** What a benchmark means to a stage, and how much of it the stage may lose. */
export const experimentBenchmarks = pgTable(
  'experiment_benchmarks',
  {
    workspaceId: workspaceId(),
    experimentId: bigint('experiment_id', { mode: 'number' }).notNull(),
    benchmarkId: bigint('benchmark_id', { mode: 'number' }).notNull(),
    role: text('role', { enum: BENCHMARK_ROLES }),
    /** Largest loss of utility that is accepted, in the benchmark's own scale. */
    tolerance: doublePrecision('tolerance'),
  },
  (t) => [
    primaryKey({ columns: [t.experimentId, t.benchmarkId] }),
    index('experiment_benchmarks_benchmark').on(t.benchmarkId),
    foreignKey({
      name: 'experiment_benchmarks_experiment',
      columns: [t.workspaceId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'experiment_benchmarks_benchmark_fk',
      columns: [t.workspaceId, t.benchmarkId],
      foreignColumns: [benchmarks.workspaceId, benchmarks.id],
    }),
    check('experiment_benchmarks_role', oneOf(t.role, BENCHMARK_ROLES)),
    check('experiment_benchmarks_tolerance', sql`${t.tolerance} >= 0`),
  ],
)

/** What a stage may lose on the mean of what it should keep, and what happens when it does; absent: the defaults. */
export const stageBudgets = pgTable(
  'stage_budgets',
  {
    workspaceId: workspaceId(),
    experimentId: bigint('experiment_id', { mode: 'number' }).primaryKey(),
    /** Largest fall of mean retention that is accepted, in normalised points; null: the default. */
    points: doublePrecision('points'),
    gate: text('gate', { enum: GATES }),
  },
  (t) => [
    foreignKey({
      name: 'stage_budgets_experiment',
      columns: [t.workspaceId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.id],
    }).onDelete('cascade'),
    check('stage_budgets_points', sql`${t.points} >= 0`),
    check('stage_budgets_gate', oneOf(t.gate, GATES)),
  ],
)
