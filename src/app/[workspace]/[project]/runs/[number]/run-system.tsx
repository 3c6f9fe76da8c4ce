'use client'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import type { RunDetail } from '#src/protocol/runs.ts'
import { ChartGroup } from '#src/ui/charts/group-state.tsx'
import { MetricChartLater } from '#src/ui/charts/metric-chart-later.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import styles from './run.module.css'
import type { RunPlace } from './run-place.ts'
import { notAvailable, systemRows } from './system-rows.ts'

/** What the machine did meanwhile, and what it does not tell. Its own group: the axis is time since the start, not steps. */
export function RunSystem(props: RunPlace & { run: RunDetail; metrics: MetricSummary[] | undefined; live: boolean }) {
  const metrics = props.metrics ?? []
  const rows = systemRows(metrics)
  const lastT = metrics.reduce((last, s) => (s.key.startsWith('system/') ? Math.max(last, s.last_t ?? 0) : last), 0)
  const nodes = new Set(rows.map((row) => row.node))
  const missing = notAvailable(metrics)
  return (
    <Section
      title="System"
      note={nodes.size > 0 ? [...nodes].join(', ') : undefined}
      actions={
        lastT > 0 ? (
          <span className={styles.sectionNote}>
            last sample <Ago at={new Date(lastT).toISOString()} />
          </span>
        ) : undefined
      }
    >
      {rows.length === 0 ? (
        <p className={styles.quiet}>
          No telemetry was sent{props.run.started_at === null ? ' yet' : ''}: short runs end before their first sample.
        </p>
      ) : (
        <ChartGroup>
          <div className={styles.systemGrid}>
            {rows.map((row) => (
              <MetricChartLater
                key={row.key}
                workspace={props.workspace}
                project={props.project}
                runs={[props.number]}
                metrics={[row.key]}
                title={nodes.size > 1 ? `${row.word} · ${row.node}` : row.word}
                subtitle={`${row.value} ${row.unit}`.trim()}
                quietCorner
                height={88}
                x="relative"
                smoothing={null}
                logY={false}
                superseded={false}
                live={props.live}
              />
            ))}
          </div>
        </ChartGroup>
      )}
      {rows.length > 0 && missing.length > 0 ? (
        <p className={styles.quiet}>Not available on this machine: {missing.join(', ')}.</p>
      ) : null}
    </Section>
  )
}
