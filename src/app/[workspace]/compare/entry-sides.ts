import type { SideBySide } from '#src/protocol/comparisons.ts'
import { runLook } from '#src/ui/charts/run-colour.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { paths } from '#src/ui/paths.ts'
import { type SideColumn, type Sides, stepWords } from '#src/ui/side-by-side/sides.ts'

type Entry = SideBySide['entries'][number]

/** Entries of a comparison as columns. */
export function entrySides(workspace: string, sides: SideBySide): Sides {
  const projects = new Set(sides.entries.map(({ stage }) => stage.project))
  return { ...sides, columns: sides.entries.map((entry, i) => columnOf(workspace, entry, i, projects.size > 1)) }
}

function columnOf(workspace: string, entry: Entry, at: number, namesProject: boolean): SideColumn {
  const { stage, run, checkpoint, kind } = entry
  const href =
    kind === 'run' && run
      ? paths.run(workspace, stage.project, run.number)
      : kind === 'checkpoint' && run
        ? paths.run(workspace, stage.project, run.number)
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
    colour: colourOf(entry, at, namesProject),
    stage,
    isBaseline: entry.is_baseline,
  }
}

/** The colour that its run has in charts; where numbers of several projects meet, and for several entries of one run, its place. */
const colourOf = ({ kind, run }: Entry, at: number, isMixed: boolean): string =>
  runLook(run && !isMixed && kind !== 'checkpoint' ? run.number : at + 1).colour
