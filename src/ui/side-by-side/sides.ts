/** What stands side by side on a screen: columns of whatever kind, over the same rows. */
import type { EntryKind } from '#src/core/comparisons/entries.ts'
import type { StageComparison } from '#src/protocol/comparisons.ts'
import type { ExperimentRef } from '#src/protocol/experiments.ts'
import { type RunLook, runLook } from '#src/ui/charts/run-colour.ts'
import { paths } from '#src/ui/paths.ts'

export interface SideColumn {
  /** Names it in the address of the page. */
  key: string
  kind: EntryKind
  name: string
  /** "#5", "step 90". */
  mark: string
  href: string
  /** A second line under the name: "Task, step 90". */
  words: string
  /** As its run is drawn in charts. */
  look: RunLook
  stage: ExperimentRef
  isBaseline: boolean
}

export interface Sides extends Pick<StageComparison, 'how' | 'cost' | 'cost_note' | 'why' | 'readings'> {
  columns: readonly SideColumn[]
}

/** Place of the baseline; −1: nothing is set against anything. */
export const baselineOf = ({ columns }: Pick<Sides, 'columns'>): number =>
  columns.findIndex((column) => column.isBaseline)

/** Stages of a comparison as columns. `keyOf`: how the page's address names a stage. */
export function stageSides(
  workspace: string,
  comparison: StageComparison,
  keyOf: (stage: ExperimentRef) => string,
  shortWord: (kind: ExperimentRef['stage_kind']) => string,
): Sides {
  const hasChild = comparison.stages.some((stage) => stage.is_child)
  return {
    ...comparison,
    columns: comparison.stages.map(({ experiment, is_baseline, checkpoint }, i) => ({
      key: keyOf(experiment),
      kind: 'stage',
      name: experiment.name,
      mark: `#${experiment.number}`,
      href: paths.stage(workspace, experiment.project, experiment.number),
      words: [
        is_baseline ? (hasChild ? 'Baseline, parent' : 'Baseline') : null,
        shortWord(experiment.stage_kind),
        checkpoint ? stepWords(checkpoint.step) : 'no checkpoint yet',
      ]
        .filter((word) => word !== null)
        .join(', '),
      look: runLook(i + 1),
      stage: experiment,
      isBaseline: is_baseline,
    })),
  }
}

/** "step 1,200" */
export const stepWords = (step: number): string => `step ${step.toLocaleString('en-US')}`
