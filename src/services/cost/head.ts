import { leavesOf } from '#src/core/cost/leaves.ts'
import type { LedgerItem } from '#src/core/cost/ledger.ts'
import { sumTallies } from '#src/core/cost/tally.ts'
import type { SegmentKind } from '#src/core/cost/work.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { LineageCost } from '#src/protocol/cost.ts'
import { viewRate } from './book.ts'
import { deviceOf, type Gathered } from './gather.ts'
import { refOfStage } from './stage-bar.ts'
import { exclusionsOf, hoursOf, piecesOfItems, sourcesOf, viewTotal } from './tell.ts'

const PIECES_MAX = 5000

type Head = Omit<LineageCost, 'leaf' | 'view' | 'compared' | 'stages' | 'abandoned' | 'totals'>

/** What a lineage and a project tell beside their bars. `items` are all that is shown, `inside` those of the totals. */
export function headOf(
  g: Gathered,
  project: { slug: string; name: string },
  items: readonly LedgerItem[],
  inside: readonly LedgerItem[],
  kindOf: (item: LedgerItem) => SegmentKind,
  leaves: readonly number[],
): Head {
  const pieces = piecesOfItems(g, items, kindOf)
  const byDevice = groupBy(
    inside.filter(({ segment }) => segment !== null),
    ({ segment }) => (segment ? deviceOf(segment.allocation) : ''),
  )
  return {
    project: { slug: project.slug, name: project.name },
    book: g.book.name,
    as_of: g.book.asOf,
    currency: g.ask.currency ?? null,
    sources: sourcesOf(items),
    rates: [...g.rates].map(viewRate),
    excludes: exclusionsOf(g),
    warnings: [...g.warnings],
    by_device: [...byDevice.values()].flatMap((mine) =>
      hoursOf(g, mine).map((hours) => ({ ...hours, total: viewTotal(g, sumTallies(mine.map(({ cost }) => cost))) })),
    ),
    leaves: leaves.flatMap((id) => {
      const stage = g.stages.get(id)
      return stage ? [refOfStage(stage)] : []
    }),
    hours: hoursOf(g, inside),
    pieces: pieces.slice(0, PIECES_MAX),
    pieces_total: pieces.length,
  }
}

/** The ends of a project's lineage, the default first; the stage of runs without one is none. */
export function projectLeaves(g: Gathered, scope: ProjectScope): number[] {
  const began = new Set([...g.runs.values()].flatMap((run) => (run.is_deleted ? [] : run.experiment_id)))
  const stages = [...g.stages.values()].filter((s) => s.projectId === scope.projectId && !s.isUnstaged)
  return leavesOf(
    stages.map((s) => ({
      id: s.id,
      number: s.number,
      isMade: g.ends.has(s.id) || began.has(s.id),
      isArchived: s.archivedAt !== null,
    })),
    g.edges,
  )
}

/** Stages of the project that are planned, wait or are at work: they are no branch that was left. */
export function isUnderWay(g: Gathered, experimentId: number): boolean {
  if (g.ends.has(experimentId)) return false
  const runs = [...g.runs.values()].filter((run) => run.experiment_id === experimentId && !run.is_deleted)
  return runs.length === 0 || runs.some(({ state }) => state === 'queued' || state === 'running' || state === 'lost')
}
