import { formatCount } from '#src/core/format/count.ts'
import { formatHours } from '#src/core/format/duration.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import styles from './stage.module.css'

/** What a stage without runs aims at: its purpose, what it will take, and why it does not run yet. */
export function StageAim({ page }: { page: StagePage }) {
  const { plan, purpose } = page.experiment
  const isExternal = page.experiment.root_kind === 'external_base' || page.experiment.root_kind === 'api_model'
  const takes = [
    !plan?.tokens ? null : `${formatCount(plan.tokens)} tokens`,
    !plan?.steps ? null : `${formatCount(plan.steps)} steps`,
    plan?.hours === undefined ? null : `${formatHours(plan.hours)} hours`,
    plan?.device_kind === undefined ? null : `${plan.device_count ?? 1} × ${plan.device_kind}`,
    plan?.money === undefined ? null : `${plan.money.amount} ${plan.money.currency}`,
  ].filter((part) => part !== null)
  return (
    <div className={styles.aim}>
      <p className={styles.aimTitle}>
        {isExternal ? 'Made elsewhere: no run of its own' : 'Nothing has run yet'}
        {page.card.state_detail ? <span className="ink-2"> · {page.card.state_detail}</span> : null}
      </p>
      {purpose ? <p>{purpose}</p> : null}
      {takes.length > 0 ? <p className="ink-2">Planned: {takes.join(', ')}.</p> : null}
      {plan?.note ? <p className="ink-2">{plan.note}</p> : null}
      {isExternal ? null : (
        <p className="ink-3">
          It starts when a run is begun in it:{' '}
          <code>
            descent.init(project="{page.card.project}", experiment="{page.card.slug}")
          </code>
        </p>
      )}
    </div>
  )
}
