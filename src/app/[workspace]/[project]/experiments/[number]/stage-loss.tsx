'use client'
import type { StagePage } from '#src/protocol/lineage.ts'
import { ChartGroup } from '#src/ui/charts/group-state.tsx'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { ComparedRuns } from '../../compared-runs.tsx'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

/** More runs than this are not told apart in so small a picture. */
const LINES_MAX = 8

/** The loss of the stage's runs: one run in the colour of its stage, several each in its own or drawn together. */
export function StageLoss(props: StagePlace & { page: StagePage; loss: NonNullable<StagePage['card']['loss']> }) {
  const { page, loss } = props
  const runs = page.runs.filter((run) => run.kind === 'train' && run.loss_key === loss.key).map((run) => run.number)
  const shown = runs.length > 0 ? runs : [loss.run]
  return (
    <div className={styles.loss}>
      <ChartGroup>
        <ComparedRuns
          workspace={props.workspace}
          project={props.project}
          runs={shown}
          metric={loss.key}
          linesMax={LINES_MAX}
          title="Training loss"
          height={178}
          live={page.card.state === 'running'}
          {...(shown.length === 1 ? { colour: STAGE_LOOKS[page.card.stage_kind].colour } : {})}
        />
      </ChartGroup>
    </div>
  )
}
