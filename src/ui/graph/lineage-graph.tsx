'use client'
import '@xyflow/react/dist/style.css'
import { ReactFlow, ReactFlowProvider, useReactFlow, useStore } from '@xyflow/react'
import { Maximize, Minus, Plus } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Edge } from '#src/protocol/experiments.ts'
import type { Lineage, StageCard } from '#src/protocol/lineage.ts'
import { useGo } from '#src/ui/connection/use-go.ts'
import { extentOf, flowEdges, flowNodes } from './flow-model.ts'
import styles from './graph.module.css'
import { Legend } from './legend.tsx'
import { LineageEdge } from './lineage-edge.tsx'
import { innerEdges } from './lineage-path.ts'
import { neighbour } from './neighbours.ts'
import { CARD_HEIGHT, placeStages } from './place-stages.ts'
import { cardId, StageNode } from './stage-node.tsx'

export interface LineageGraphProps {
  lineage: Lineage
  /** Numbers of the stages on the chosen path, root first. */
  path: readonly number[]
  hrefOf: (card: StageCard) => string
  /** Shows the path to this stage. */
  onSelect: (number: number) => void
  /** The edge that is open; null: none. */
  edge: Edge | null
  onEdge: (edge: Edge) => void
}

const NODE_TYPES = { stage: StageNode }
const EDGE_TYPES = { lineage: LineageEdge }
const ZOOM = { min: 0.2, max: 2, readable: 0.6 }
const MARGIN = 2

/** The lineage as a drawing: pan, zoom, fit, select and open, by mouse, touch and keyboard. Loaded lazily. */
export function LineageGraph(props: LineageGraphProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  )
}

function Drawing({ lineage, path, hrefOf, onSelect, edge: open, onEdge }: LineageGraphProps) {
  const go = useGo()
  const edges = useMemo(() => innerEdges(lineage), [lineage])
  const places = useStablePlaces(lineage, edges, path)
  const [focused, setFocused] = useState<number | null>(null)
  const tip = path.at(-1) ?? null

  const onKey = useCallback(
    (number: number, key: string): boolean => {
      if (key === ' ') {
        onSelect(number)
        return true
      }
      if (key === 'Enter') {
        const card = lineage.cards.find((c) => c.number === number)
        if (card) go(hrefOf(card))
        return true
      }
      const next = neighbour(number, key, places, edges, path)
      if (next === null) return false
      setFocused(next)
      document.getElementById(cardId(next))?.focus({ preventScroll: true })
      return true
    },
    [edges, hrefOf, lineage.cards, onSelect, path, places, go],
  )

  const input = { lineage, edges, places, path, open: open?.id ?? null, tabStop: focused ?? tip, hrefOf, onKey }
  const extent = extentOf(places)
  const height = Math.min(560, Math.max(CARD_HEIGHT + 60, extent.height + 2 * MARGIN + 2))
  const corner = isCornerFree(places)
  return (
    <>
      <div className={styles.box} style={{ height }}>
        <ReactFlow
          className={styles.flow}
          nodes={flowNodes(input)}
          edges={flowEdges(input)}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          minZoom={ZOOM.min}
          maxZoom={ZOOM.max}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          zoomOnScroll={false}
          zoomOnDoubleClick={false}
          preventScrolling={false}
          deleteKeyCode={null}
          selectionKeyCode={null}
          attributionPosition="bottom-center"
          onlyRenderVisibleElements={lineage.cards.length > 120}
          onNodeClick={(event, node) => {
            if (!(event.target instanceof Element && event.target.closest('a'))) onSelect(node.data.card.number)
          }}
          onEdgeClick={(_event, { id }) => {
            const edge = edges.find((one) => String(one.id) === id)
            if (edge) onEdge(edge)
          }}
          onNodeDoubleClick={(_event, node) => go(node.data.href)}
          aria-label="Lineage, drawn from left to right. Arrows move, Space shows the path, Enter opens."
        >
          <Zoom extent={extent} tipX={places.get(tip ?? -1)?.column ?? 0} />
        </ReactFlow>
        {corner ? <Legend corner /> : null}
      </div>
      {corner ? null : <Legend corner={false} />}
    </>
  )
}

/** Places change only with the structure or the path, so that new numbers move nothing. */
function useStablePlaces(lineage: Lineage, edges: ReturnType<typeof innerEdges>, path: readonly number[]) {
  const numbers = lineage.cards.map((card) => card.number)
  const structure = JSON.stringify([numbers, edges.map((e) => [e.parent.number, e.child.number, e.kind]), path])
  const kept = useRef<{ structure: string; places: ReturnType<typeof placeStages> } | null>(null)
  if (kept.current?.structure !== structure) {
    kept.current = { structure, places: placeStages(numbers, edges, path) }
  }
  return kept.current.places
}

/** The legend stands in the lower left corner where no card stands in the last row of the first three columns. */
function isCornerFree(places: ReadonlyMap<number, { column: number; row: number }>): boolean {
  const last = Math.max(0, ...[...places.values()].map((p) => p.row))
  return last > 0 && ![...places.values()].some((p) => p.row === last && p.column < 3)
}

interface Extent {
  x: number
  y: number
  width: number
  height: number
}

/** Zoom out, its figure, zoom in, fit; fits once at the start, and never moves what a person has set. */
function Zoom({ extent, tipX }: { extent: Extent; tipX: number }) {
  const flow = useReactFlow()
  const zoom = useStore((state) => state.transform[2])
  const width = useStore((state) => state.width)
  const height = useStore((state) => state.height)
  const fitted = useRef('')

  const fitAll = useCallback(() => {
    const room = { width: width - 2, height: height - 2 * MARGIN }
    const whole = Math.min(1, room.width / extent.width, room.height / extent.height)
    const zoomTo = Math.max(whole, Math.min(1, ZOOM.readable))
    const overflow = extent.width * zoomTo - room.width
    // The chosen end of a path that does not fit is what is looked at.
    const x = overflow > 0 && tipX > 2 ? -overflow : 1
    void flow.setViewport({ x: x - extent.x * zoomTo, y: MARGIN - extent.y * zoomTo, zoom: zoomTo })
  }, [extent.height, extent.width, extent.x, extent.y, flow, height, tipX, width])

  useEffect(() => {
    const shape = `${width} ${extent.width} ${extent.height} ${extent.y}`
    if (width === 0 || fitted.current === shape) return
    fitted.current = shape
    fitAll()
  }, [extent.height, extent.width, extent.y, fitAll, width])

  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons of one control, not fields of a form
    <div className={styles.zoom} role="group" aria-label="Zoom">
      <button type="button" aria-label="Zoom out" onClick={() => void flow.zoomOut()}>
        <Minus size={14} strokeWidth={1.75} aria-hidden />
      </button>
      <output aria-label="Zoom">{Math.round(zoom * 100)} %</output>
      <button type="button" aria-label="Zoom in" onClick={() => void flow.zoomIn()}>
        <Plus size={14} strokeWidth={1.75} aria-hidden />
      </button>
      <button type="button" aria-label="Fit all stages" onClick={fitAll}>
        <Maximize size={14} strokeWidth={1.75} aria-hidden />
      </button>
    </div>
  )
}
