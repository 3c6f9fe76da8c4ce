import type { EdgeProps, Edge as FlowEdge } from '@xyflow/react'
import type { EdgeKind } from '#src/core/lineage/edge-kinds.ts'
import { elbowPath, middleOf } from './elbow-path.ts'

export type LineageFlowEdge = FlowEdge<
  { kind: EdgeKind; onPath: boolean; isOpen: boolean; planned: boolean; weight: number | null; words: string },
  'lineage'
>

/** The reference line runs beside the weight edge, not on it. */
const BESIDE = 7
/** Width in which a line is pressed, px. */
const REACH = 12

/** An edge by kind, told apart without colour: solid, square, dots, dashes, a weight. */
export function LineageEdge({ sourceX, sourceY, targetX, targetY, data }: EdgeProps<LineageFlowEdge>) {
  if (!data) return null
  const weight = data.kind === 'init' || data.kind === 'adapter_on' || data.kind === 'merge'
  const shift = weight ? 0 : BESIDE
  const from = { x: sourceX, y: sourceY + shift }
  const to = { x: targetX, y: targetY + shift }
  const elbow = weight ? 33 : 29
  const stroke = data.isOpen ? 'var(--accent)' : data.onPath && weight ? 'var(--text)' : 'var(--ctl)'
  const width = data.isOpen ? 3.5 : data.onPath && weight ? 2 : 1.25
  const middle = middleOf(from, to, elbow)
  return (
    <g>
      <title>{data.words}</title>
      <path d={elbowPath(from, to, elbow)} fill="none" stroke="transparent" strokeWidth={REACH} />
      <path
        d={elbowPath(from, to, elbow)}
        fill="none"
        stroke={stroke}
        strokeWidth={width}
        strokeDasharray={weight ? (data.planned ? '5 4' : undefined) : '1.25 3'}
      />
      <path
        d={`M${to.x - 6} ${to.y - 4.5}L${to.x - 1} ${to.y}L${to.x - 6} ${to.y + 4.5}`}
        fill="none"
        stroke={stroke}
        strokeWidth={weight ? width : 1}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      {data.kind === 'adapter_on' ? (
        <rect
          x={middle.x - 4.5}
          y={middle.y - 4.5}
          width={9}
          height={9}
          fill="var(--bg)"
          stroke={stroke}
          strokeWidth={1.25}
        />
      ) : null}
      {data.kind === 'merge' && data.weight !== null ? (
        <text
          x={to.x - 8}
          y={to.y - 7}
          textAnchor="end"
          fill="var(--text-3)"
          fontSize={12}
          stroke="var(--bg)"
          strokeWidth={3}
          paintOrder="stroke"
        >
          × {data.weight}
        </text>
      ) : null}
    </g>
  )
}
