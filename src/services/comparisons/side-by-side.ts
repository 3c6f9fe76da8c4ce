import { configRows } from '#src/core/comparisons/config-rows.ts'
import { stageReading } from '#src/core/comparisons/stage-reading.ts'
import { costRows, howRows } from '#src/core/comparisons/stage-rows.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import { isTelemetryKey } from '#src/core/metrics/metric-key.ts'
import type { Scope } from '#src/db/scope.ts'
import type { SideBySide } from '#src/protocol/comparisons.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import type { Context } from '#src/services/context.ts'
import { standingsOf } from '#src/services/experiments/standings.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { factsOf } from './facts.ts'
import { type Entry, nameOf, scopeOf } from './open-entry.ts'
import { changesOf, readOf, whyRows, wireRows } from './outcome.ts'
import { type RecordedEntry, recordEntries } from './record-entries.ts'

/** Keys of configs that one answer tells. */
export const CONFIG_ROWS_MAX = 2_000
/** Metrics that one answer tells. */
export const METRIC_ROWS_MAX = 1_000

/** Rows of cost whose words name a stage, in words that fit a run and a checkpoint too. */
const COST_LABELS: Readonly<Record<string, string>> = { tokens: 'Tokens', cost: 'Cost' }

/**
 * Entries side by side: how each was made, with its config key by key; what it cost; what came of it, and its metrics. The one that
 * is marked as the baseline, else the first, is what the others are set against.
 *
 * @param entries proven ones, of one workspace
 */
export async function sideBySide(ctx: Context, scope: Scope, entries: readonly Entry[]): Promise<SideBySide> {
  if (entries.length === 0) return NOTHING
  const { recorded, money } = await recordEntries(ctx, scopeOf(ctx, scope, entries), entries)
  const baseline = Math.max(
    0,
    recorded.findIndex(({ entry }) => entry.is_baseline),
  )
  const base = recorded[baseline]
  if (!base) return NOTHING
  const { standings } = await standingsOf(ctx, scopeOf(ctx, scope, entries), [
    ...new Map(recorded.map(({ stage }) => [stage.row.id, stage.row])).values(),
  ])
  const changes = recorded.map((one): Change[] => (one === base ? [] : changesOf(ctx, one.stage, base.stage)))
  const stages = recorded.map(({ stage }) => stage)
  const facts = recorded.map(({ stage, cost }) => {
    const own = factsOf(stage, cost)
    // Other settings stand in the config, key by key.
    return { ...own, settings: own.settings && { ...own.settings, rest: {} } }
  })
  const config = configRows(recorded.map(({ run }) => run?.config ?? null))
  const metrics = metricRows(recorded)
  const allStages = recorded.every(({ entry }) => entry.kind === 'stage')
  return {
    entries: recorded.map((one) => viewEntry(one, base, standings.get(one.stage.row.id)?.state ?? 'planned')),
    how: wireRows(howRows(facts)),
    cost: wireRows(costRows(facts, baseline)).map((row) =>
      allStages ? row : { ...row, label: COST_LABELS[row.key] ?? row.label },
    ),
    cost_note: money.note,
    why: whyRows(stages, baseline, changes),
    readings: recorded.map((one, i) => (one === base ? null : stageReading((changes[i] ?? []).map(readOf)))),
    config: config.slice(0, CONFIG_ROWS_MAX).map((row) => ({
      path: [...row.path],
      cells: [...row.cells],
      differs: row.differs,
    })),
    config_left_out: Math.max(0, config.length - CONFIG_ROWS_MAX),
    metrics: metrics.slice(0, METRIC_ROWS_MAX),
    metrics_left_out: Math.max(0, metrics.length - METRIC_ROWS_MAX),
  }
}

const NOTHING: SideBySide = {
  ...{ entries: [], how: [], cost: [], cost_note: null, why: [], readings: [] },
  ...{ config: [], config_left_out: 0, metrics: [], metrics_left_out: 0 },
}

function viewEntry(
  { entry, stage, run }: RecordedEntry,
  base: RecordedEntry,
  stageState: string,
): SideBySide['entries'][number] {
  const { row, checkpoint } = stage
  const ofRun = entry.run_name ?? row.name
  return {
    entry: nameOf(entry),
    kind: entry.kind,
    name:
      entry.kind === 'stage'
        ? row.name
        : entry.kind === 'run'
          ? ofRun
          : `${ofRun} @ ${formatExactCount(entry.step ?? 0)}`,
    stage: refOfRow(row, row.project),
    run: run && { uid: run.uid, number: run.number, name: run.name, state: run.state },
    checkpoint: checkpoint && { id: checkpoint.uid, step: checkpoint.step },
    state: entry.kind === 'run' && run ? run.state : entry.kind === 'stage' ? stageState : 'saved',
    last_step: entry.kind === 'checkpoint' ? entry.step : (run?.last_step ?? null),
    is_baseline: entry === base.entry,
    is_child: stage.parents.some((edge) => edge.parent === base.stage.row.id && isWeightEdge(edge.kind)),
  }
}

/** A row per metric of any of them, telemetry last. */
function metricRows(recorded: readonly RecordedEntry[]): SideBySide['metrics'] {
  const byKey = new Map<string, (MetricSummary | null)[]>()
  for (const [i, { metrics }] of recorded.entries())
    for (const summary of metrics) {
      const row = byKey.get(summary.key) ?? recorded.map(() => null)
      row[i] = summary
      byKey.set(summary.key, row)
    }
  return [...byKey]
    .sort(([a], [b]) => Number(isTelemetryKey(a)) - Number(isTelemetryKey(b)) || (a < b ? -1 : 1))
    .map(([key, summaries]) => ({
      key,
      orientation: summaries.find((summary) => summary !== null)?.orientation ?? null,
      cells: summaries.map(
        (summary) =>
          summary && {
            last: summary.last_value,
            min: summary.min,
            max: summary.max,
            best: summary.best,
            step: summary.last_step,
          },
      ),
      differs: new Set(summaries.map((summary) => (summary ? JSON.stringify(summary.last_value) : null))).size > 1,
    }))
}
