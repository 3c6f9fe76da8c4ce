'use client'
import { Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { BASELINES, type Baseline } from '#src/core/evaluations/baselines.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { preloadCharts } from '#src/ui/charts/metric-chart-later.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { Page } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { NoteEditor } from '#src/ui/notes/note-editor.tsx'
import { useCrumb, useFreshness } from '#src/ui/shell/page-state.tsx'
import { POLL_IDLE_MS, POLL_LIVE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { ReversibleBadge } from './reversible-badge.tsx'
import styles from './stage.module.css'
import { StageAim } from './stage-aim.tsx'
import { StageEvaluations } from './stage-evaluations.tsx'
import { StageGate } from './stage-gate.tsx'
import { StageHead } from './stage-head.tsx'
import { StageLoading } from './stage-loading.tsx'
import { StageMissing } from './stage-missing.tsx'
import { StageNumbers } from './stage-numbers.tsx'
import { StageOrigin } from './stage-origin.tsx'
import type { StagePlace } from './stage-place.ts'
import { StageTrade } from './stage-trade.tsx'

const MergeInputs = later(() => import('./merge-inputs.tsx').then((file) => file.MergeInputs))
const StageBest = later(() => import('./stage-best.tsx').then((file) => file.StageBest))
const StageCheckpoints = later(() => import('./stage-checkpoints.tsx').then((file) => file.StageCheckpoints))
const StageProbes = later(() => import('./stage-probes.tsx').then((file) => file.StageProbes))
const StageRuns = later(() => import('./stage-runs.tsx').then((file) => file.StageRuns))
const StageSamples = later(() => import('./stage-samples.tsx').then((file) => file.StageSamples))
const StageLoss = later(() => import('./stage-loss.tsx').then((file) => file.StageLoss), <Skeleton height={240} />)
const UnknownParts = later(() => import('./unknown-parts-of-stage.tsx').then((file) => file.UnknownPartsOfStage))
/** What comes behind the words and numbers. */
const LATER = [StageLoss, MergeInputs, StageBest, StageCheckpoints, StageProbes, StageRuns, StageSamples]

/** One stage: what it gained, lost and cost against its parent or the root, and what it was made of. */
export function StageView({ mayWrite, mayDelete, ...place }: StagePlace & { mayWrite: boolean; mayDelete: boolean }) {
  const [baseline, setBaseline] = useQueryState('baseline', parseAsStringLiteral(BASELINES).withDefault('parent'))
  // While the stage is asked for, what shows it comes.
  for (const part of [...LATER, { preload: preloadCharts }]) part.preload()
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
      <UnknownParts />
      <Answer query={page} what="The stage" heading="Stage" loading={<StageLoading />}>
        {(data) => (
          <Shown
            {...place}
            mayWrite={mayWrite}
            mayDelete={mayDelete}
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
    mayDelete: boolean
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
        <>
          <StageRuns {...props} />
          <div className={styles.foot} data-samples={page.samples.length > 0 || page.flips.length > 0 || undefined}>
            <StageCheckpoints {...props} />
            {page.samples.length > 0 || page.flips.length > 0 ? <StageSamples page={page} /> : null}
          </div>
        </>
      ) : null}
      {page.checkpoints.length > 0 ? <StageBest {...props} /> : null}
    </>
  )
}

function lastContact(page: StagePage | undefined): string | null {
  const times = (page?.runs ?? []).flatMap((run) => run.last_contact_at ?? [])
  return times.sort().at(-1) ?? null
}
