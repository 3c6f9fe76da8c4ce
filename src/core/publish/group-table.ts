import { NO_NUMBER, printChange, printScore } from './print.ts'
import { familyMeans, type GridBenchmark, isComplete, type ScoreGrid, worstOf } from './score-grid.ts'
import { familyCount } from './stage-by-benchmark.ts'
import type { PublishedCell, PublishedTable } from './table.ts'

export interface BenchmarkGroup {
  name: string
  /** Slugs. */
  members: readonly string[]
}

/** One group for each category, in the order in which they come. */
export function categoryGroups(benchmarks: readonly Pick<GridBenchmark, 'slug' | 'category'>[]): BenchmarkGroup[] {
  const names = [...new Set(benchmarks.map(({ category }) => category))]
  return names.map((name) => ({
    name,
    members: benchmarks.filter(({ category }) => category === name).map(({ slug }) => slug),
  }))
}

/**
 * Groups of benchmarks down, stages across: the mean of each group and the member that it would hide. A group that mixes accuracies,
 * losses and rates has a row for each, since these are never averaged together.
 */
export function groupTable(
  grid: ScoreGrid,
  groups: readonly BenchmarkGroup[],
  { decimals }: { decimals: number },
): { table: PublishedTable; notes: string[] } {
  const rows = groups.flatMap((group) => groupRows(grid, group, decimals))
  const grouped = new Set(groups.flatMap(({ members }) => members))
  const left = grid.benchmarks.filter(({ slug }) => !grouped.has(slug))
  return {
    table: {
      columns: ['group', ...grid.stages.map(({ name }) => name)].map((name, i) => ({
        name,
        align: i === 0 ? 'left' : 'right',
      })),
      rows,
    },
    notes: [
      'Each mean stands with its worst member against the best earlier stage. Accuracies, losses and rates are averaged apart.',
      ...leftOut(grid, groups),
      ...(left.length > 0 ? [`In no group: ${left.map(({ name }) => name).join(', ')}.`] : []),
    ],
  }
}

/** Benchmarks that not every stage was measured on under one protocol: they enter no mean. */
function leftOut(grid: ScoreGrid, groups: readonly BenchmarkGroup[]): string[] {
  const grouped = new Set(groups.flatMap(({ members }) => members))
  const left = grid.benchmarks.filter(({ slug }, i) => grouped.has(slug) && !isComplete(grid.scores[i] ?? []))
  if (left.length === 0) return []
  return [
    `Means are over benchmarks that all stages share under one protocol, without ${left.map(({ name }) => name).join(', ')}; below 0.8 of a group none is told.`,
  ]
}

function groupRows(grid: ScoreGrid, { name, members }: BenchmarkGroup, decimals: number): PublishedCell[][] {
  const places = grid.benchmarks.flatMap(({ slug }, i) => (members.includes(slug) ? [i] : []))
  const own = {
    ...grid,
    benchmarks: places.map((i) => grid.benchmarks[i] as GridBenchmark),
    scores: places.map((i) => grid.scores[i] ?? []),
  }
  const means = familyMeans(own)
  return means.map(({ family, means: values, used }) => {
    return [
      { text: `${name} (${familyCount(family, used.length)})` },
      ...values.map((value, s) => {
        if (value === null) return { text: NO_NUMBER.compared }
        const worst = worstOf(own, family, s)
        const printed = printScore(value, family.kind, decimals)
        if (!worst) return { text: printed }
        return {
          text: `${printed} (${family.members.length === 1 ? '' : `worst ${own.benchmarks[worst.benchmark]?.name} `}${printChange(worst.change, family.kind, decimals)})`,
        }
      }),
    ]
  })
}
