'use client'
import { Button, SegmentedControl } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Pause, Play } from 'lucide-react'
import { parseAsBoolean, parseAsInteger, parseAsStringLiteral, useQueryState } from 'nuqs'
import { useMemo, useState } from 'react'
import { formatCount } from '#src/core/format/count.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import type { RunDetail } from '#src/protocol/runs.ts'
import { useChartLook } from '#src/ui/charts/chart-look.ts'
import { ChartGroup } from '#src/ui/charts/group-state.tsx'
import { KeptCursor } from '#src/ui/charts/kept-cursor.tsx'
import { preloadCharts } from '#src/ui/charts/metric-chart-later.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { FALLBACK_POLL_MS, useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { NoteEditor } from '#src/ui/notes/note-editor.tsx'
import { paths } from '#src/ui/paths.ts'
import { useCrumb, useFreshness } from '#src/ui/shell/page-state.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { CompareWithParent } from './compare-with-parent.tsx'
import { DeleteRun } from './delete-run.tsx'
import { EditRun, EditRunBar } from './edit-run.tsx'
import styles from './run.module.css'
import { RunAttempts } from './run-attempts.tsx'
import { RunConfig } from './run-config.tsx'
import { RunEvaluations } from './run-evaluations.tsx'
import { RunFacts, RunHead } from './run-head.tsx'
import { RunLoading } from './run-loading.tsx'
import { RunNumbers } from './run-numbers.tsx'
import type { RunPlace } from './run-place.ts'
import { StarRun } from './star-run.tsx'
import { StopRun } from './stop-run.tsx'
import { useFrozen } from './use-frozen.ts'

const MediaSteps = later(() => import('#src/ui/media/media-steps.tsx').then((file) => file.MediaSteps))
const ConsoleView = later(
  () => import('#src/ui/console/console-view.tsx').then((file) => file.ConsoleView),
  <LoadingRows rows={12} />,
)
const RunCharts = later(
  () => import('./run-charts.tsx').then((file) => file.RunCharts),
  <div className={styles.chartsLoading} />,
)
const RunSystem = later(() => import('./run-system.tsx').then((file) => file.RunSystem))
const HardwareUsePart = later(
  () => import('#src/ui/hardware/hardware-use.tsx').then((file) => file.HardwareUsePart),
  <LoadingRows rows={8} />,
)
const RunMade = later(() => import('./run-made.tsx').then((file) => file.RunMade))

const UnknownParts = later(() => import('./unknown-parts-of-run.tsx').then((file) => file.UnknownPartsOfRun))

const TABS = ['overview', 'charts', 'media', 'console', 'config', 'system'] as const
type Tab = (typeof TABS)[number]

/** True while points may still come. */
const isActive = (run: Pick<RunDetail, 'state'>): boolean =>
  run.state === 'running' || run.state === 'queued' || run.state === 'lost' || run.state === 'preempted'

export function RunView(props: RunPlace & { mayWrite: boolean; mayDelete: boolean; mayNote: boolean }) {
  // While the run is asked for, what shows it comes.
  preloadCharts()
  for (const part of [RunCharts, RunSystem, ConsoleView, MediaSteps, RunMade]) part.preload()
  const trpc = useTRPC()
  const place = { workspace: props.workspace, project: props.project, run: props.number }
  const run = useQuery(trpc.runs.get.queryOptions(place, { refetchInterval: FALLBACK_POLL_MS }))
  const metrics = useQuery(
    trpc.runs.metrics.queryOptions(place, { refetchInterval: FALLBACK_POLL_MS, placeholderData: keepPreviousData }),
  )
  const news = { workspace: props.workspace, project: props.project, runs: [props.number], enabled: true }
  useRefreshOnNews({ ...news, what: ['state', 'progress'] }, () => run.refetch({ cancelRefetch: false }))
  useRefreshOnNews(news, () => metrics.refetch({ cancelRefetch: false }))
  const lastT = (metrics.data ?? []).reduce((last, s) => Math.max(last, s.last_t ?? 0), 0)
  useCrumb(run.data?.name ?? null)
  useFreshness(
    run.data ? (run.data.state === 'running' ? 'live' : 'idle') : null,
    'last point',
    lastT > 0 ? new Date(lastT).toISOString() : null,
  )
  return (
    <Page className={styles.page}>
      <UnknownParts />
      <Answer query={run} what="The run" heading="Run" loading={<RunLoading />}>
        {(detail) => (
          <Shown
            {...props}
            run={detail}
            metrics={metrics.data}
            metricsError={metrics.error}
            retryMetrics={() => void metrics.refetch()}
          />
        )}
      </Answer>
    </Page>
  )
}

function Shown(
  props: RunPlace & {
    mayWrite: boolean
    mayDelete: boolean
    mayNote: boolean
    run: RunDetail
    metrics: MetricSummary[] | undefined
    metricsError: unknown
    retryMetrics: () => void
  },
) {
  const { workspace, project, number } = props
  const place: RunPlace = { workspace, project, number }
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('overview'))
  const [line, setLine] = useQueryState('line', parseAsInteger)
  const [wraps, setWraps] = useQueryState('wrap', parseAsBoolean.withDefault(false))
  const [follows, setFollows] = useQueryState('lines_follow', parseAsBoolean.withDefault(false))
  const freeze = useFrozen({ run: props.run, metrics: props.metrics })
  const { run, metrics } = freeze.shown
  const head = asEdited(run, props.run)
  const [edits, setEdits] = useState(false)
  const { look } = useChartLook({ tokens: metrics?.some((s) => s.key === 'tokens') ?? false, groups: false })
  const runs = useMemo(() => [{ project, number, name: run.name }], [project, number, run.name])
  const trpc = useTRPC()
  // The media part asks the same; it is the same answer.
  const media = useQuery(trpc.runs.media.queryOptions({ workspace, project, run: number }))
  const hasMedia = (media.data?.items.length ?? 0) > 0
  const active = isActive(props.run)
  const live = active && !freeze.paused
  const waiting = freeze.paused ? pointsOf(props.metrics) - pointsOf(metrics) : 0
  const on = (...tabs: Tab[]) => (tabs.includes(tab) ? undefined : '')

  return (
    <ChartGroup>
      <KeptCursor />
      <RunHead run={head} star={<StarRun {...place} run={props.run} mayWrite={props.mayWrite} />}>
        <CompareWithParent run={run} workspace={workspace} />
        {active || freeze.paused ? (
          <Button
            leftSection={freeze.paused ? <Play size={14} strokeWidth={1.75} /> : <Pause size={14} strokeWidth={1.75} />}
            onClick={freeze.toggle}
          >
            {freeze.paused
              ? `Resume live${waiting > 0 ? `, ${formatCount(waiting)} points waiting` : ''}`
              : 'Pause live'}
          </Button>
        ) : null}
        <EditRun mayWrite={props.mayWrite} opened={edits} onOpened={setEdits} />
        <StopRun {...place} run={props.run} mayWrite={props.mayWrite} />
        <DeleteRun {...place} run={props.run} mayDelete={props.mayDelete} />
      </RunHead>
      {edits ? <EditRunBar {...place} run={props.run} onClose={() => setEdits(false)} /> : null}
      <RunFacts run={head} workspace={workspace} />
      <div className={styles.tabs}>
        <SegmentedControl
          fullWidth
          aria-label="Part of the run"
          value={tab}
          onChange={(value) => void setTab(TABS.find((t) => t === value) ?? 'overview')}
          data={TABS.filter((value) => value !== 'media' || hasMedia).map((value) => ({
            value,
            label: value[0]?.toUpperCase() + value.slice(1),
          }))}
        />
      </div>
      <div data-off={on('overview')}>
        <RunNumbers {...place} run={run} metrics={metrics} />
        <RunAttempts run={run} {...place} live={live} />
      </div>
      <div className={styles.columns}>
        <div className={styles.left}>
          <div data-off={on('overview', 'charts')} data-part={tab}>
            <RunCharts
              {...place}
              run={run}
              metrics={metrics}
              error={props.metricsError}
              retry={props.retryMetrics}
              live={live}
            />
          </div>
          <div data-off={on('media')} className={styles.media}>
            <MediaSteps workspace={workspace} runs={runs} axis={look.x} live={live} />
          </div>
          <div data-off={on('console')} className={styles.part}>
            <ConsoleView
              workspace={workspace}
              project={project}
              run={number}
              live={live}
              height={340}
              linked={line}
              onLink={(n) => void setLine(n)}
              linkTo={(n) =>
                `${paths.run(workspace, project, number)}?tab=console&line=${n}${wraps ? '&wrap=true' : ''}`
              }
              wraps={wraps}
              onWraps={(on) => void setWraps(on)}
              charts={{
                axis: look.x,
                startedAtMs: run.started_at === null ? null : Date.parse(run.started_at),
                follows,
                onFollows: (on) => void setFollows(on),
              }}
              none={
                run.started_at === null
                  ? 'Nothing was printed: the run has not started.'
                  : active
                    ? 'Nothing was printed yet.'
                    : 'The run printed nothing, or its output was not recorded.'
              }
            />
          </div>
          {run.started_at === null ? null : (
            <div data-off={on('system')} className={styles.part}>
              <HardwareUsePart workspace={workspace} project={project} run={number} live={live} />
            </div>
          )}
        </div>
        <div className={styles.right}>
          <div data-off={on('overview')}>
            <RunEvaluations {...place} run={run} live={live} axis={look.x} />
          </div>
          <div data-off={on('overview')} className={styles.part}>
            <Section title="Note">
              <NoteEditor
                place={{ workspace, project }}
                about={{ subject: 'run', run: number }}
                mayWrite={props.mayNote}
              />
            </Section>
          </div>
          <div data-off={on('config')} className={styles.part}>
            <RunConfig run={run} />
          </div>
          <div data-off={on('system')} className={styles.part}>
            <RunSystem {...place} run={run} metrics={metrics} live={live} />
          </div>
          <RunMade {...place} run={run} live={live} off={on('config')} />
        </div>
      </div>
    </ChartGroup>
  )
}

/** A run as it was, with what people edit of it as it is now. */
const asEdited = (run: RunDetail, now: RunDetail): RunDetail => ({
  ...run,
  name: now.name,
  tags: now.tags,
  group: now.group,
  archived_at: now.archived_at,
  experiment: now.experiment,
})

const pointsOf = (metrics: readonly MetricSummary[] | undefined): number =>
  (metrics ?? []).reduce((sum, summary) => sum + summary.n, 0)
