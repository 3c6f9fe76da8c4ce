import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import type { StageCard as Card } from '#src/protocol/lineage.ts'
import styles from './card.module.css'
import { cardSentence } from './card-words.ts'
import { StageCard } from './stage-card.tsx'

export type StageFlowNode = Node<
  {
    card: Card
    href: string
    onPath: boolean
    /** One card of the drawing takes the tab key; arrows move on from there. */
    tabStop: boolean
    /** The step of the checkpoint from which children start. */
    port: { step: string; onPath: boolean } | null
    onKey: (number: number, key: string) => boolean
  },
  'stage'
>

const HIDDEN = { opacity: 0, pointerEvents: 'none', minWidth: 0, minHeight: 0, width: 1, height: 1 } as const

/** A stage card in the drawing, with its port. Enter opens, Space shows its path, arrows go along the lineage. */
export function StageNode({ data }: NodeProps<StageFlowNode>) {
  const { card } = data
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of marks that is picked up as one thing
    <div
      id={cardId(card.number)}
      className={`${styles.card} nopan`}
      role="group"
      tabIndex={data.tabStop ? 0 : -1}
      aria-label={cardSentence(card)}
      data-selected={data.onPath || undefined}
      data-planned={card.state === 'planned' || undefined}
      data-corner={card.budget === 'fail' || undefined}
      onKeyDown={(event) => {
        if (data.onKey(card.number, event.key)) event.preventDefault()
      }}
    >
      <Handle type="target" position={Position.Left} style={HIDDEN} isConnectable={false} />
      <StageCard card={card} href={data.href} />
      <Handle type="source" position={Position.Right} style={HIDDEN} isConnectable={false} />
      {data.port ? (
        <>
          <span className={styles.port} data-ink={data.port.onPath || undefined} />
          <span className={styles.portStep} title="Step of the checkpoint from which the next stage starts">
            {data.port.step}
          </span>
        </>
      ) : null}
    </div>
  )
}

/** The element of a card, for moving the focus. */
export const cardId = (number: number): string => `stage-${number}`
