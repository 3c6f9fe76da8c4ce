/** The drawing's nodes and edges from the lineage, the places and the chosen path. Pure but for the callbacks it passes on. */
import { Position } from '@xyflow/react'
import { formatCount } from '#src/core/format/count.ts'
import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import type { Edge } from '#src/protocol/experiments.ts'
import type { Lineage, StageCard } from '#src/protocol/lineage.ts'
import { EDGE_WORDS, isPlannedEdge } from './card-words.ts'
import { groupBy } from './group-by.ts'
import type { LineageFlowEdge } from './lineage-edge.tsx'
import { CARD_HEIGHT, CARD_WIDTH, cornerOf, type Place } from './place-stages.ts'
import type { StageFlowNode } from './stage-node.tsx'

export interface FlowInput {
  lineage: Lineage
  edges: readonly Edge[]
  places: ReadonlyMap<number, Place>
  path: readonly number[]
  /** The id of the edge that is open; null: none. */
  open: number | null
  tabStop: number | null
  hrefOf: (card: StageCard) => string
  onKey: (number: number, key: string) => boolean
}

/**
 * Where edges end on a card and begin, as the card has them: a node whose ends are not known is drawn to be measured, whether it is in sight
 * or not.
 */
const HANDLES: StageFlowNode['handles'] = [
  { type: 'target', position: Position.Left, x: 0, y: CARD_HEIGHT / 2 - 1, width: 2, height: 2 },
  { type: 'source', position: Position.Right, x: CARD_WIDTH - 2, y: CARD_HEIGHT / 2 - 1, width: 2, height: 2 },
]

/** One node a card, sized at once so that nothing has to be measured first. */
export function flowNodes(input: FlowInput): StageFlowNode[] {
  const onPath = new Set(input.path)
  const ports = groupBy(input.edges, (edge) => edge.parent.number)
  return input.lineage.cards.map((card) => ({
    id: String(card.number),
    type: 'stage',
    position: cornerOf(input.places.get(card.number) ?? { column: 0, row: 0 }),
    width: CARD_WIDTH,
    height: CARD_HEIGHT,
    handles: HANDLES,
    data: {
      card,
      href: input.hrefOf(card),
      onPath: onPath.has(card.number) && card.state !== 'planned',
      tabStop: card.number === input.tabStop,
      port: portOf(ports.get(card.number) ?? [], onPath),
      onKey: input.onKey,
    },
  }))
}

function portOf(edges: readonly Edge[], onPath: ReadonlySet<number>): StageFlowNode['data']['port'] {
  const steps = [...new Set(edges.map((edge) => edge.checkpoint?.step).filter((step) => step !== undefined))]
  if (steps.length === 0) return null
  const shown = steps.sort((a, b) => a - b).slice(0, 2)
  return {
    step: shown.map(formatCount).join('·') + (steps.length > 2 ? '…' : ''),
    onPath: edges.some((edge) => onPath.has(edge.child.number) && isWeightEdge(edge.kind)),
  }
}

/** One line an edge; those of the path come last, so that they lie on top. */
export function flowEdges(input: FlowInput): LineageFlowEdge[] {
  const cards = new Map(input.lineage.cards.map((card) => [card.number, card]))
  const steps = new Set(input.path.slice(1).map((child, i) => `${input.path[i]}>${child}`))
  return input.edges
    .map((edge): LineageFlowEdge => {
      const onPath = steps.has(`${edge.parent.number}>${edge.child.number}`) && isWeightEdge(edge.kind)
      const planned = isPlannedEdge(edge, cards.get(edge.child.number))
      return {
        id: String(edge.id),
        type: 'lineage',
        source: String(edge.parent.number),
        target: String(edge.child.number),
        focusable: false,
        selectable: false,
        zIndex: edge.id === input.open ? 2 : onPath ? 1 : 0,
        data: {
          kind: edge.kind,
          onPath: onPath && !planned,
          isOpen: edge.id === input.open,
          planned,
          weight: edge.weight,
          words: `${edge.child.name} ${EDGE_WORDS[edge.kind]} ${edge.parent.name}${edge.inferred ? ', inferred' : ''}${edge.note ? `: ${edge.note}` : ''}`,
        },
      }
    })
    .sort((a, b) => (a.zIndex ?? 0) - (b.zIndex ?? 0))
}

/** Width and height of all cards together, and the upper left corner, in px of the drawing. */
export function extentOf(places: ReadonlyMap<number, Place>): { x: number; y: number; width: number; height: number } {
  const corners = [...places.values()].map(cornerOf)
  const x = Math.min(0, ...corners.map((c) => c.x))
  const y = Math.min(...corners.map((c) => c.y), corners.length === 0 ? 0 : Number.POSITIVE_INFINITY)
  return {
    x,
    y,
    width: Math.max(0, ...corners.map((c) => c.x + CARD_WIDTH)) - x,
    height: Math.max(CARD_HEIGHT, ...corners.map((c) => c.y + CARD_HEIGHT - y)),
  }
}
