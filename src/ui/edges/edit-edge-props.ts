import type { Edge } from '#src/protocol/experiments.ts'

/** What the dialog of an edge needs. */
export interface EditEdgeProps {
  workspace: string
  /** Of the child. */
  project: string
  /** What is corrected; a number: a stage that gets one more parent. */
  edge: Edge | number
  /** The edge as it is now; null: it was taken away. */
  onSaved?: (edge: Edge | null) => void
  onClose: () => void
}
