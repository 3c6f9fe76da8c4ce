import type { SideBySide } from '#src/protocol/comparisons.ts'
import { lookOfRun, type RunLook, runLook } from '#src/ui/charts/run-colour.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { paths } from '#src/ui/paths.ts'
import { type SideColumn, type Sides, stepWords } from '#src/ui/side-by-side/sides.ts'

type Entry = SideBySide['entries'][number]

/** Entries of a comparison as columns. */
export function entrySides(workspace: string, sides: SideBySide): Sides {
  const named = new Set(sides.entries.map(({ stage }) => stage.project))
  const drawn = drawnProjects(sides)
  return {
    ...sides,
    columns: sides.entries.map((entry, i) => columnOf(workspace, entry, lookOf(entry, i, drawn), named.size > 1)),
  }
}

function columnOf(workspace: string, entry: Entry, look: RunLook, namesProject: boolean): SideColumn {
  const { stage, run, checkpoint, kind } = entry
  const href =
    kind === 'run' && run
      ? paths.run(workspace, stage.project, run.number)
      : kind === 'checkpoint' && checkpoint
        ? paths.checkpoint(workspace, checkpoint.id)
        : paths.stage(workspace, stage.project, stage.number)
  const step = kind === 'stage' ? checkpoint?.step : entry.last_step
  const words = [
    entry.is_baseline ? 'Baseline' : null,
    namesProject ? stage.project : null,
    STAGE_LOOKS[stage.stage_kind].short,
    kind === 'run' ? `of ${stage.name}` : null,
    step == null ? (kind === 'stage' ? 'no checkpoint yet' : null) : stepWords(step),
  ]
  return {
    key: entry.entry,
    kind,
    name: entry.name,
    mark: kind === 'stage' ? `#${stage.number}` : run ? `run ${run.number}` : '',
    href,
    words: words.filter((word) => word !== null).join(', '),
    look,
    stage,
    isBaseline: entry.is_baseline,
  }
}

/** The projects whose runs the charts of a comparison draw, in the order of the entries. */
export const drawnProjects = ({ entries }: Pick<SideBySide, 'entries'>): string[] => [
  ...new Set(entries.flatMap(({ run, stage }) => (run ? [stage.project] : []))),
]

/** As its run is drawn in charts; of a checkpoint, of which a run may have several here, and without a run, by its place. */
const lookOf = ({ kind, run, stage }: Entry, at: number, projects: readonly string[]): RunLook =>
  run && kind !== 'checkpoint'
    ? lookOfRun(
        { ...run, stage, groupKey: null, from: { number: run.number, place: projects.indexOf(stage.project) } },
        'run',
      )
    : runLook(at + 1)
