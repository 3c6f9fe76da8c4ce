import type { PanelAxis } from './panel-axis.ts'
import styles from './panels.module.css'

/** A plot within its drawing, in px. */
export interface PlotArea {
  left: number
  top: number
  width: number
  height: number
}

const LETTER = 6.4

/** The marks of an axis that have room, the ends first. */
function roomy(marks: PanelAxis['marks'], length: number, widthOf: (text: string) => number): PanelAxis['marks'] {
  const kept: PanelAxis['marks'] = []
  let free = Number.NEGATIVE_INFINITY
  for (const mark of marks) {
    const half = widthOf(mark.text) / 2
    if (mark.at * length - half < free) continue
    kept.push(mark)
    free = mark.at * length + half + 8
  }
  return kept
}

/** Marks along the foot, with the name of the field below them. */
export function FootAxis({ axis, plot, name }: { axis: PanelAxis; plot: PlotArea; name: string }) {
  const foot = plot.top + plot.height
  const most = axis.kind === 'category' ? Math.max(3, Math.floor(plot.width / axis.max / LETTER)) : 40
  const marks = axis.marks.map(({ at, text }) => ({ at, text: clipped(text, most) }))
  return (
    <g>
      <path d={`M${plot.left} ${foot + 0.5}h${plot.width}`} stroke="var(--line-2)" />
      {roomy(marks, plot.width, (text) => text.length * LETTER).map(({ at, text }) => (
        <text key={`${at}`} className={styles.mark} x={plot.left + at * plot.width} y={foot + 15} textAnchor="middle">
          {text}
        </text>
      ))}
      <text className={styles.axisName} x={plot.left + plot.width} y={foot + 31} textAnchor="end">
        {clipped(`${name}${axis.isLog ? ', log' : ''} →`, Math.floor(plot.width / LETTER))}
      </text>
    </g>
  )
}

/** Marks along the left with grid lines, and the name of the field above them. */
export function SideAxis({ axis, plot, name }: { axis: PanelAxis; plot: PlotArea; name: string }) {
  const most = Math.floor((plot.left - 8) / LETTER)
  return (
    <g>
      {axis.marks.map(({ at, text }) => {
        const y = plot.top + (1 - at) * plot.height
        return (
          <g key={`${at}`}>
            {axis.kind === 'number' ? <path d={`M${plot.left} ${y}h${plot.width}`} stroke="var(--grid)" /> : null}
            <text className={styles.mark} x={plot.left - 8} y={y + 4} textAnchor="end">
              {clipped(text, most)}
            </text>
          </g>
        )
      })}
      <text className={styles.axisName} x={0} y={12}>
        {clipped(`↑ ${name}${axis.isLog ? ', log' : ''}`, Math.floor((plot.left + plot.width) / LETTER))}
      </text>
    </g>
  )
}

/** How much room the marks of a side axis need, in px. */
export function sideRoom(axis: PanelAxis, most: number): number {
  const longest = Math.max(0, ...axis.marks.map(({ text }) => text.length))
  return Math.min(most, Math.max(34, longest * LETTER + 12))
}

/** A text of at most so many letters; its end is cut off. */
export const clipped = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`
