'use client'
import type { StagePage } from '#src/protocol/lineage.ts'
import { ChartGroup } from '#src/ui/charts/group-state.tsx'
import { MetricChart } from '#src/ui/charts/metric-chart.tsx'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

/** More runs than this are not told apart in so small a picture. */
const RUNS_MAX = 8

/** The loss of the stage's runs: one run in the colour of its stage, several each in its own. */
export function StageLoss(props: StagePlace & { page: StagePage; loss: NonNullable<StagePage['card']['loss']> }) {
  const { page, loss } = props
  const runs = page.runs.filter((run) => run.kind === 'train' && run.loss_key === loss.key).map((run) => run.number)
  const shown = runs.length > 0 ? runs.slice(0, RUNS_MAX) : [loss.run]
  return (
    <div className={styles.loss}>
      <ChartGroup>
        <MetricChart
          workspace={props.workspace}
          project={props.project}
          runs={shown}
          metrics={[loss.key]}
          title="Training loss"
          subtitle={`${loss.key}${runs.length > shown.length ? `, newest ${shown.length} of ${runs.length} runs` : ''}`}
          height={178}
          x="step"
          smoothing={0.8}
          logY={false}
          superseded={false}
          live={page.card.state === 'running'}
          {...(shown.length === 1 ? { colour: STAGE_LOOKS[page.card.stage_kind].colour } : {})}
        />
      </ChartGroup>
    </div>
  )
}
