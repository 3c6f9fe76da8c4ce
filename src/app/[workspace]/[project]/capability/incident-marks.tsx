import styles from './capability.module.css'
import { xIn } from './capability-axes.ts'
import { type Layout, LOSS } from './drawing-layout.ts'
import type { Incident, StageLines } from './stage-lines.ts'

/** A target of a pointer is at least so wide and high. */
const TARGET = 24

/** Restarts and losses that are no number, at the lower edge of the loss; each leads to its run. */
export function IncidentMarks(props: {
  lines: readonly StageLines[]
  layout: Layout
  hrefOf: (run: number) => string
}) {
  const { lines, layout, hrefOf } = props
  const bottom = layout.lossTop + LOSS
  return (
    <g>
      {lines.flatMap(({ band, incidents }) => {
        const { run, experiment } = band.card
        const placed = incidents.flatMap((incident) => {
          const x = xIn(band, incident.x)
          return x === null ? [] : [{ incident, x }]
        })
        return apart(placed).map(({ incident, x, more }) => (
          <a
            key={`${band.stage} ${incident.kind} ${x}`}
            href={run === null ? undefined : hrefOf(run)}
            className={styles.column}
            data-incident={incident.kind}
            aria-label={`${experiment.name}, run ${run}: ${incident.words}${more > 0 ? `, and ${more} more` : ''}`}
          >
            <title>{`${incident.words}${more > 0 ? `, and ${more} more` : ''}. Opens run ${run}`}</title>
            {incident.kind === 'restart' ? (
              <path
                d={`M${x} ${layout.lossTop}V${bottom}`}
                stroke="var(--text-2)"
                strokeWidth={1}
                strokeDasharray="1.5 3"
              />
            ) : null}
            <path
              d={
                incident.kind === 'restart'
                  ? `M${x - 4} ${bottom - 4}h8l-4 -7z`
                  : `M${x - 4} ${bottom - 12}l8 8m0 -8l-8 8`
              }
              fill={incident.kind === 'restart' ? 'var(--text-2)' : 'none'}
              stroke="var(--text-2)"
              strokeWidth={incident.kind === 'restart' ? 0 : 1.75}
            />
            <rect x={x - TARGET / 2} y={bottom - TARGET} width={TARGET} height={TARGET} fill="transparent" />
          </a>
        ))
      })}
    </g>
  )
}

/** Marks that would lie on one another as one, with how many it stands for beside itself. */
function apart(marks: readonly { incident: Incident; x: number }[]): { incident: Incident; x: number; more: number }[] {
  const kept: { incident: Incident; x: number; more: number }[] = []
  for (const mark of [...marks].sort((a, b) => a.x - b.x)) {
    const last = kept.findLast((one) => one.incident.kind === mark.incident.kind)
    if (last && mark.x - last.x < TARGET) last.more++
    else kept.push({ ...mark, more: 0 })
  }
  return kept
}
