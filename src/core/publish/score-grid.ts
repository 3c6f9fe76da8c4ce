/** Scores of several stages on several benchmarks, with the means that may be drawn from them and the cell that no mean may hide. */
import type { BenchmarkKind } from '../evaluations/benchmarks.ts'
import { isCovered, meanOf } from '../forgetting/coverage.ts'
import { groupBy } from '../lineage/group-by.ts'

export interface GridStage {
  name: string
  href?: string
}

export interface GridBenchmark {
  slug: string
  name: string
  category: string
  kind: BenchmarkKind
  higherIsBetter: boolean
  unit: string | null
}

/** A score in the unit in which it is published (`publishedUnit`), half-width and change alike. */
export interface GridScore {
  value: number
  /** Half of its 95 % interval; null: none can be given. */
  half: number | null
  /** Items; null: not published. */
  n: number | null
  trials: number
  /** Scores of different protocols are not compared. */
  protocol: string
}

export interface ScoreGrid {
  /** From the root on. */
  stages: readonly GridStage[]
  benchmarks: readonly GridBenchmark[]
  /** By benchmark, then by stage; null: not measured. */
  scores: readonly (readonly (GridScore | null)[])[]
}

/** Benchmarks whose scores may be averaged: of one kind, one direction and one unit. Places in `benchmarks`. */
export interface Family {
  kind: BenchmarkKind
  members: readonly number[]
}

/** The families of a grid, the largest first; of accuracies, losses and rates each is one of its own. */
export function familiesOf(benchmarks: readonly GridBenchmark[]): Family[] {
  const places = benchmarks.map((_, i) => i)
  const families = groupBy(places, (i) => {
    const { kind, higherIsBetter, unit } = benchmarks[i] as GridBenchmark
    return `${kind} ${higherIsBetter} ${kind === 'loss' || kind === 'other' ? unit : ''}`
  })
  return [...families.values()]
    .map((members) => ({ kind: (benchmarks[members[0] ?? 0] as GridBenchmark).kind, members }))
    .sort((a, b) => b.members.length - a.members.length)
}

/** True when every stage has a score there, all of one protocol: only such rows enter a mean over benchmarks. */
export function isComplete(row: readonly (GridScore | null)[]): boolean {
  const [first] = row
  return first !== undefined && row.every((score) => score !== null && score.protocol === first?.protocol)
}

export interface FamilyMean {
  family: Family
  /** Members that every stage was measured on under one protocol. */
  used: readonly number[]
  /** Mean over `used` by stage; null when they are fewer than 0.8 of the family. */
  means: readonly (number | null)[]
}

/** The mean of each family at each stage, over the benchmarks that all stages share. */
export function familyMeans(grid: ScoreGrid): FamilyMean[] {
  return familiesOf(grid.benchmarks).map((family) => {
    const used = family.members.filter((i) => isComplete(grid.scores[i] ?? []))
    const covered = isCovered(used.length, family.members.length)
    return {
      family,
      used,
      means: grid.stages.map((_, s) => (covered ? meanOf(used.map((i) => grid.scores[i]?.[s]?.value ?? 0)) : null)),
    }
  })
}

export interface WorstCell {
  /** Place in `benchmarks`. */
  benchmark: number
  /** New − old, as a reader would subtract. */
  change: number
  /** Orientation × change: negative is worse. */
  utility: number
}

/**
 * The benchmark of a family that fell most, or gained least, at a stage against the best earlier stage of the same protocol. Null
 * at the first stage and where nothing can be compared.
 */
export function worstOf(grid: ScoreGrid, family: Family, stage: number): WorstCell | null {
  let worst: WorstCell | null = null
  for (const benchmark of family.members) {
    const row = grid.scores[benchmark] ?? []
    const own = row[stage]
    const sign = grid.benchmarks[benchmark]?.higherIsBetter ? 1 : -1
    const before = row.slice(0, stage).flatMap((s) => (s && s.protocol === own?.protocol ? [sign * s.value] : []))
    if (!own || before.length === 0) continue
    const utility = sign * own.value - Math.max(...before)
    if (!worst || utility < worst.utility) worst = { benchmark, change: sign * utility, utility }
  }
  return worst
}

/** The mean change of a family from one stage to another over what both were measured on under one protocol; null below 0.8 of it. */
export function meanChange(grid: ScoreGrid, family: Family, from: number, to: number): number | null {
  const changes = family.members.flatMap((i) => {
    const [a, b] = [grid.scores[i]?.[from], grid.scores[i]?.[to]]
    return a && b && a.protocol === b.protocol ? [b.value - a.value] : []
  })
  return isCovered(changes.length, family.members.length) ? meanOf(changes) : null
}
