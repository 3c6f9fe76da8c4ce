/** Runs as lines through the axes of several fields, and how strongly each field goes along with the last. Pure. */
import { readColumn } from '#src/core/panels/column.ts'
import { type Association, associations, type NoAssociation } from '#src/core/panels/importance.ts'
import type { ParallelContent } from '#src/core/panels/panel-content.ts'
import { type AxisRange, type ParallelAxis, parallelAxes, withinRanges } from '#src/core/panels/parallel-axes.ts'
import { type ColouredBy, lookOfRun, valueLook } from '#src/ui/charts/run-colour.ts'
import { RAMP, rampSteps } from './panel-colours.ts'
import { columnOf, type PanelValues } from './panel-values.ts'

export interface ParallelLine {
  /** Place among the runs. */
  run: number
  /** By axis, 0 to 1 from the foot; null: no value, and the line breaks. */
  places: (number | null)[]
  colour: string
  isChosen: boolean
}

export interface Parallel {
  axes: ParallelAxis[]
  lines: ParallelLine[]
  /** Colours are numbers of the target. */
  ramp: boolean
  /** How many runs lie in every range. */
  chosen: number
  /** Null without a target, and where the target holds words. */
  importance: { target: string; told: Association[]; untold: NoAssociation[] } | null
  /** Why there is no importance although there is a target. */
  noImportance: string | null
}

/** Lines of all runs; those within every range are chosen. The target is the last axis and colours the lines. */
export function prepareParallel(
  values: PanelValues,
  { fields, target }: ParallelContent,
  ranges: readonly AxisRange[],
  { colouredBy, groupOf }: { colouredBy: ColouredBy; groupOf: readonly (string | null)[] },
): Parallel {
  const others = [...new Set(fields)].filter((field) => field !== target)
  const axes = parallelAxes(target === undefined ? others : [...others, target], (field) => columnOf(values, field))
  const within = withinRanges(axes, ranges, values.runs.length)
  const colours = coloursOf(values, target, colouredBy, groupOf)
  const lines = values.runs.map((_, run) => ({
    run,
    places: axes.map(({ places }) => places[run] ?? null),
    colour: colours[run] ?? 'var(--text-3)',
    isChosen: within[run] ?? false,
  }))
  const goal = target === undefined ? null : readColumn(columnOf(values, target))
  const isNumbers = goal?.kind === 'number'
  const columns = others.map((field) => ({ field, column: readColumn(columnOf(values, field)) }))
  return {
    axes,
    lines,
    ramp: isNumbers,
    chosen: within.filter(Boolean).length,
    importance: target !== undefined && isNumbers ? { target, ...associations(columns, goal) } : null,
    noImportance:
      target !== undefined && !isNumbers ? 'The target holds words: an association is told with numbers.' : null,
  }
}

function coloursOf(
  values: PanelValues,
  target: string | undefined,
  colouredBy: ColouredBy,
  groupOf: readonly (string | null)[],
): string[] {
  if (target === undefined)
    return values.runs.map((run, i) => lookOfRun({ ...run, groupKey: groupOf[i] ?? null }, colouredBy).colour)
  const column = readColumn(columnOf(values, target))
  if (column.kind === 'category')
    return column.values.map((at) => valueLook(at === null ? null : (column.names[at] ?? null)).colour)
  return rampSteps(column).map((step) => (step === null ? 'var(--text-3)' : (RAMP[step] ?? 'var(--text-3)')))
}
