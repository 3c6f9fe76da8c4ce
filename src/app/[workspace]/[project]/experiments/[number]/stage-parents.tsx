'use client'
import { ActionIcon } from '@mantine/core'
import { Pencil, Plus } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatValue } from '#src/core/format/number.ts'
import { edgeName } from '#src/core/lineage/edge-name.ts'
import type { Edge } from '#src/protocol/experiments.ts'
import { EditEdge, READS_ONLY } from '#src/ui/edges/edit-edge.tsx'
import type { EditEdgeProps } from '#src/ui/edges/edit-edge-props.ts'
import { InferredMark } from '#src/ui/edges/inferred-mark.tsx'
import { useConfirmEdge } from '#src/ui/edges/use-confirm-edge.ts'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { EDGE_WORDS } from '#src/ui/marks/edge-words.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { paths } from '#src/ui/paths.ts'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

type Props = StagePlace & { edges: readonly Edge[]; mayWrite: boolean }

/** What a stage comes from, with the notes of its edges; each can be corrected, and one can be added. `root`: said where there is none. */
export function StageParents(props: Props & { root: string }) {
  const { workspace, project, number, edges, mayWrite } = props
  const merged = edges.flatMap(({ kind, weight }) => (kind === 'merge' && weight !== null ? weight : []))
  const [edited, setEdited] = useState<EditEdgeProps['edge'] | null>(null)
  return (
    <>
      {edges.length === 0 ? <span>{props.root}</span> : null}
      {edges.map((edge) => (
        <Parent key={edge.id} {...props} edge={edge} onEdit={() => setEdited(edge)} />
      ))}
      {merged.length > 1 ? (
        <span className="ink-2">
          {merged.length} inputs, weights sum to {formatValue(merged.reduce((sum, weight) => sum + weight, 0))}
        </span>
      ) : null}
      <ExplainedButton
        size="compact-xs"
        variant="subtle"
        why={mayWrite ? null : READS_ONLY}
        leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() => setEdited(number)}
      >
        Add a parent
      </ExplainedButton>
      {edited === null ? null : (
        <EditEdge workspace={workspace} project={project} edge={edited} onClose={() => setEdited(null)} />
      )}
    </>
  )
}

function Parent(props: Props & { edge: Edge; onEdit: () => void }) {
  const { workspace, project, edge, mayWrite } = props
  const confirm = useConfirmEdge({ workspace, project }, edge)
  return (
    <span className={styles.fromLine}>
      <StageIcon kind={edge.parent.stage_kind} label />
      <span className="ink-2">
        <Link className="link" href={paths.stage(workspace, edge.parent.project, edge.parent.number)}>
          {edge.parent.name}
        </Link>{' '}
        {edge.checkpoint ? (
          <>
            <Link className="link" href={paths.checkpoint(workspace, edge.checkpoint.id)}>
              step {formatExactCount(edge.checkpoint.step)}
            </Link>
            {', '}
          </>
        ) : null}
        <Link
          className="link"
          href={paths.edge(workspace, project, edgeName(edge, project))}
          title="This edge in the lineage"
        >
          {EDGE_WORDS[edge.kind]}
        </Link>
        {edge.weight === null ? '' : ` × ${formatValue(edge.weight)}`}
        {mayWrite ? (
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            ml={4}
            style={{ verticalAlign: 'middle' }}
            aria-label={`Edit the edge from ${edge.parent.name}`}
            title="Edit this edge and its note"
            onClick={props.onEdit}
          >
            <Pencil size={14} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        ) : null}
      </span>
      {edge.inferred ? <InferredMark /> : null}
      {edge.inferred && mayWrite ? (
        <ExplainedButton
          size="compact-xs"
          variant="subtle"
          why={null}
          loading={confirm.isPending}
          onClick={() => confirm.mutate()}
        >
          It is right
        </ExplainedButton>
      ) : null}
      {edge.note === '' ? null : <span className={styles.edgeNote}>{edge.note}</span>}
    </span>
  )
}
