import type { ExperimentRef } from '#src/protocol/experiments.ts'

/** A stage as the address names it: its number, behind the slug of its project where that is another. */
export const stageKey = (stage: Pick<ExperimentRef, 'project' | 'number'>, project: string): string =>
  stage.project === project ? String(stage.number) : `${stage.project}:${stage.number}`
