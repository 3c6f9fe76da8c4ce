'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { BASELINES, type Baseline } from '#src/core/evaluations/baselines.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Page } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { NoteEditor } from '#src/ui/notes/note-editor.tsx'
import { useCrumb, useFreshness } from '#src/ui/shell/page-state.tsx'
import { POLL_IDLE_MS, POLL_LIVE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { MergeInputs } from './merge-inputs.tsx'
import { ReversibleBadge } from './reversible-badge.tsx'
import styles from './stage.module.css'
import { StageAim } from './stage-aim.tsx'
import { StageBest } from './stage-best.tsx'
import { StageCheckpoints } from './stage-checkpoints.tsx'
import { StageEvaluations } from './stage-evaluations.tsx'
import { StageGate } from './stage-gate.tsx'
import { StageHead } from './stage-head.tsx'
import { StageLoading } from './stage-loading.tsx'
import { StageLoss } from './stage-loss.tsx'
import { StageMissing } from './stage-missing.tsx'
import { StageNumbers } from './stage-numbers.tsx'
import { StageOrigin } from './stage-origin.tsx'
import type { StagePlace } from './stage-place.ts'
import { StageProbes } from './stage-probes.tsx'
import { StageRuns } from './stage-runs.tsx'
import { StageSamples } from './stage-samples.tsx'
import { StageTrade } from './stage-trade.tsx'

/** One stage: what it gained, lost and cost against its parent or the root, and what it was made of. */
export function StageView({ mayWrite, ...place }: StagePlace & { mayWrite: boolean }) {
  const [baseline, setBaseline] = useQueryState('baseline', parseAsStringLiteral(BASELINES).withDefault('parent'))
  const trpc = useTRPC()
  const page = useQuery({
    ...trpc.experiments.page.queryOptions(
      { workspace: place.workspace, project: place.project, experiment: place.number, baseline },
      { refetchInterval: POLL_IDLE_MS },
    ),
    placeholderData: keepPreviousData,
  })
  // A stage may get runs, and evaluations by other stages' runs: the project is listened to.
  useRefreshOnNews(
    {
      workspace: place.workspace,
      project: place.project,
      runs: 'all',
      what: ['state', 'progress'],
      enabled: true,
      everyMs: POLL_LIVE_MS,
    },
    () => page.refetch({ cancelRefetch: false }),
  )
  const card = page.data?.card
  useCrumb(card?.name ?? null)
  useFreshness(card ? (card.state === 'running' ? 'live' : 'idle') : null, 'last contact', lastContact(page.data))
  return (
    <Page className={styles.page}>
      <Answer query={page} what="The stage" loading={<StageLoading />}>
        {(data) => (
          <Shown
            {...place}
            mayWrite={mayWrite}
            page={data}
            baseline={baseline}
            setBaseline={(value) => void setBaseline(value)}
          />
        )}
      </Answer>
    </Page>
  )
}

function Shown(
  props: StagePlace & {
    page: StagePage
    mayWrite: boolean
    baseline: Baseline
    setBaseline: (baseline: Baseline) => void
  },
) {
  const { page } = props
  const { card } = page
  const hasBegun = page.runs.length > 0 || page.checkpoints.length > 0
  return (
    <>
      <StageHead {...props} card={card}>
        <ReversibleBadge page={page} />
      </StageHead>
      {hasBegun ? (
        <>
          <StageNumbers page={page} />
          <StageGate {...props} />
          <StageTrade {...props} />
          <StageMissing page={page} />
        </>
      ) : (
        <StageAim page={page} />
      )}
      <div className={styles.body}>
        <div className={styles.origin}>
          <StageOrigin {...props} />
          {card.loss ? <StageLoss {...props} loss={card.loss} /> : null}
        </div>
        <StageEvaluations {...props} />
      </div>
      <MergeInputs {...props} />
      <Section title="Note">
        <NoteEditor
          place={{ workspace: props.workspace, project: props.project }}
          about={{ subject: 'experiment', experiment: props.number }}
        />
      </Section>
      {page.checkpoints.length > 0 ? <StageProbes {...props} /> : null}
      {hasBegun ? (
        <div className={styles.foot} data-samples={page.samples.length > 0 || undefined}>
          <StageRuns {...props} />
          <StageCheckpoints {...props} />
          {page.samples.length > 0 || page.flips.length > 0 ? <StageSamples page={page} /> : null}
        </div>
      ) : null}
      {page.checkpoints.length > 0 ? <StageBest {...props} /> : null}
    </>
  )
}

function lastContact(page: StagePage | undefined): string | null {
  const times = (page?.runs ?? []).flatMap((run) => run.last_contact_at ?? [])
  return times.sort().at(-1) ?? null
}
