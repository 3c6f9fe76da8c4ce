'use client'
import { ActionIcon, Button } from '@mantine/core'
import { Pencil, X } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatValue } from '#src/core/format/number.ts'
import type { Edge } from '#src/protocol/experiments.ts'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { EDGE_WORDS } from '#src/ui/marks/edge-words.ts'
import { paths } from '#src/ui/paths.ts'
import styles from './edges.module.css'
import { EditEdge, READS_ONLY } from './edit-edge.tsx'
import { InferredMark } from './inferred-mark.tsx'
import { useConfirmEdge } from './use-confirm-edge.ts'

/** One edge that was opened: both of its stages, the checkpoint between them, its note, and the way to correct it. */
export function EdgePanel(props: {
  workspace: string
  project: string
  edge: Edge
  mayWrite: boolean
  /** The edge under its new name, or null once it is closed or taken away. */
  onEdge: (edge: Edge | null) => void
  /** It is being edited, or not any more: meanwhile it stays, though the lineage may know it under its new name only. */
  onEditing: (isEditing: boolean) => void
}) {
  const { workspace, project, edge, mayWrite, onEdge, onEditing } = props
  const [isEditing, setEditing] = useState(false)
  const confirm = useConfirmEdge({ workspace, project }, edge)
  const why = mayWrite ? null : READS_ONLY
  const edit = (to: boolean) => {
    setEditing(to)
    onEditing(to)
  }
  return (
    <aside className={styles.panel} aria-label="The open edge">
      <p className={styles.words}>
        <StageLink workspace={workspace} stage={edge.child} />{' '}
        <span className="ink-2">
          {EDGE_WORDS[edge.kind]}
          {edge.weight === null ? '' : ` × ${formatValue(edge.weight)}`}, from
        </span>{' '}
        <StageLink workspace={workspace} stage={edge.parent} />{' '}
        {edge.checkpoint ? (
          <Link className="link" href={paths.checkpoint(workspace, edge.checkpoint.id)}>
            step {formatExactCount(edge.checkpoint.step)}
          </Link>
        ) : (
          <span className="ink-3">no checkpoint named</span>
        )}
        {edge.inferred ? <InferredMark /> : null}
      </p>
      <p className={edge.note === '' ? 'ink-3' : styles.note}>{edge.note === '' ? 'No note' : edge.note}</p>
      <span className={styles.actions}>
        {edge.inferred ? (
          <ExplainedButton size="compact-xs" why={why} loading={confirm.isPending} onClick={() => confirm.mutate()}>
            It is right
          </ExplainedButton>
        ) : null}
        <ExplainedButton
          size="compact-xs"
          why={why}
          leftSection={<Pencil size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => edit(true)}
        >
          Edit
        </ExplainedButton>
        <CopyButton label="Copy link" text={typeof window === 'undefined' ? '' : window.location.href} />
        <ActionIcon variant="subtle" color="gray" size={24} aria-label="Close the edge" onClick={() => onEdge(null)}>
          <X size={16} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </span>
      {isEditing ? (
        <EditEdge workspace={workspace} project={project} edge={edge} onSaved={onEdge} onClose={() => edit(false)} />
      ) : null}
    </aside>
  )
}

const StageLink = ({ workspace, stage }: { workspace: string; stage: Edge['child'] }) => (
  <Link className="link" href={paths.stage(workspace, stage.project, stage.number)}>
    {stage.name}
  </Link>
)

/** A link that named an edge which is not there any more. */
export function EdgeGone({ onClose }: { onClose: () => void }) {
  return (
    <aside className={styles.panel} aria-label="The open edge">
      <p className="ink-2">The edge of this link is not in the lineage any more: it was corrected or taken away.</p>
      <span className={styles.actions}>
        <Button size="compact-xs" onClick={onClose}>
          Close
        </Button>
      </span>
    </aside>
  )
}
