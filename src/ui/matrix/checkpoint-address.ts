import { paths } from '#src/ui/paths.ts'

/** The page of evaluations with one checkpoint alone: all that was measured on it. */
export const checkpointEvaluations = (workspace: string, project: string, checkpoint: string): string =>
  `${paths.evaluations(workspace, project)}?set=picked&picked=${encodeURIComponent(checkpoint)}`
