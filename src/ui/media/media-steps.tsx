'use client'
import { ActionIcon, Button } from '@mantine/core'
import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { parseAsInteger, useQueryState } from 'nuqs'
import { useDeferredValue, useMemo } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { type MediaSeries, placeAt, seriesOf, stepsOf } from '#src/core/media/media-steps.ts'
import type { XAxis } from '#src/core/metrics/chart-choices.ts'
import type { MediaItem } from '#src/protocol/checkpoints.ts'
import { useChartGroup, useCursor } from '#src/ui/charts/group-state.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { FALLBACK_POLL_MS, useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { artifactAddress } from './artifact-address.ts'
import styles from './media.module.css'
import { Preview } from './preview.tsx'

export interface MediaRun {
  project: string
  number: number
  name: string
}

const PREVIEW_PX = 200

/**
 * What runs logged beside numbers, all keys at one step: that of the charts' crosshair while it stands somewhere, else the chosen one,
 * else the newest. Several runs stand side by side under each key. Must be used below a `ChartGroup`; nothing where nothing was logged.
 *
 * @param props.axis the x axis of the charts around it: only on steps the two move together
 */
export function MediaSteps(props: { workspace: string; runs: readonly MediaRun[]; axis: XAxis; live: boolean }) {
  const { runs } = props
  const lists = useMediaLists(props)
  const bySeries = useMemo(() => lists.data.map((items) => seriesOf(items)), [lists.data])
  const steps = useMemo(() => stepsOf(bySeries.flat()), [bySeries])
  const keys = useMemo(() => [...new Set(bySeries.flat().map((s) => s.key))].sort(), [bySeries])
  const { cursor: crosshair } = useChartGroup()
  const cursor = useCursor()
  const [chosen, setChosen] = useQueryState('media_step', parseAsInteger)
  const isJoined = props.axis === 'step'
  const wanted = isJoined && cursor ? Math.floor(cursor.x) : (chosen ?? Number.POSITIVE_INFINITY)
  // Pictures follow the hand when there is time for them.
  const at = useDeferredValue(wanted)
  const place = Math.max(0, placeAt(steps, wanted))
  const step = steps[place]
  if (step === undefined) return null

  const goTo = (next: number) => {
    const target = steps[Math.min(steps.length - 1, Math.max(0, next))] as number
    void setChosen(target)
    if (isJoined) crosshair.set({ x: target, pinned: true })
  }
  const goToNewest = () => {
    void setChosen(null)
    crosshair.set(null)
  }
  return (
    <Section
      title="Media"
      note={`${formatExactCount(keys.length)} ${keys.length === 1 ? 'key' : 'keys'}${isJoined ? ', moves with the charts' : ''}`}
      actions={
        <fieldset className={styles.stepper}>
          <legend className="visually-hidden">Step of the media</legend>
          <StepButton
            label="Previous step with media"
            Icon={ChevronLeft}
            onClick={() => goTo(place - 1)}
            off={place === 0}
          />
          <input
            className={styles.slider}
            type="range"
            min={0}
            max={steps.length - 1}
            value={place}
            aria-label="Step"
            aria-valuetext={`step ${formatExactCount(step)}`}
            title={steps.length === 1 ? 'Media were logged at one step only.' : undefined}
            onChange={(event) => goTo(Number(event.currentTarget.value))}
          />
          <StepButton
            label="Next step with media"
            Icon={ChevronRight}
            onClick={() => goTo(place + 1)}
            off={place === steps.length - 1}
          />
          <output className={styles.stepWord}>
            Step {formatExactCount(step)}{' '}
            <span className="ink-3">
              {formatExactCount(place + 1)} of {formatExactCount(steps.length)}
            </span>
          </output>
          {chosen !== null || (isJoined && cursor) ? (
            <Button size="compact-xs" onClick={goToNewest}>
              Newest
            </Button>
          ) : null}
        </fieldset>
      }
    >
      <div className={styles.grid} data-runs={runs.length > 1 ? 'several' : undefined}>
        {keys.map((key) => (
          <KeyPanel
            key={key}
            name={key}
            at={at}
            columns={runs.map((run, i) => ({ run, series: bySeries[i]?.find((s) => s.key === key) }))}
          />
        ))}
      </div>
      {lists.more ? (
        <p className={styles.note}>There is more than can be shown; keys late in the alphabet are left out.</p>
      ) : null}
    </Section>
  )
}

function useMediaLists(props: { workspace: string; runs: readonly MediaRun[]; live: boolean }) {
  const { workspace, runs, live } = props
  const trpc = useTRPC()
  const lists = useQueries({
    queries: runs.map((run) => ({
      ...trpc.runs.media.queryOptions({ workspace, project: run.project, run: run.number }),
      refetchInterval: live ? FALLBACK_POLL_MS : (false as const),
      placeholderData: keepPreviousData,
    })),
    combine: (results) => ({
      data: results.map((result) => result.data?.items ?? NONE),
      more: results.some((result) => result.data?.more),
      refetch: () => Promise.all(results.map((result) => result.refetch({ cancelRefetch: false }))),
    }),
  })
  // News is told per project; the runs of a comparison over several are asked again by the clock.
  const project = runs[0]?.project ?? ''
  const here = runs.filter((run) => run.project === project).map((run) => run.number)
  useRefreshOnNews({ workspace, project, runs: here, what: ['state'], enabled: live && here.length > 0 }, lists.refetch)
  return lists
}

const NONE: MediaItem[] = []

function KeyPanel(props: {
  name: string
  at: number
  columns: { run: MediaRun; series: MediaSeries<MediaItem> | undefined }[]
}) {
  const { name, at, columns } = props
  const type = columns.find((column) => column.series)?.series?.type ?? ''
  return (
    <figure className={styles.panel} data-type={type} aria-label={name}>
      <figcaption className={styles.caption}>
        <code>{name}</code> <span className="ink-3">{type}</span>
      </figcaption>
      <div className={styles.columns}>
        {columns.map(({ run, series }) => (
          <div key={`${run.project}/${run.number}`} className={styles.column}>
            {columns.length > 1 ? (
              <p className={styles.runName}>
                {run.name} <span className="ink-3">#{run.number}</span>
              </p>
            ) : null}
            <AtStep name={columns.length > 1 ? `${name} of ${run.name}` : name} series={series} at={at} />
          </div>
        ))}
      </div>
    </figure>
  )
}

function AtStep({ name, series, at }: { name: string; series: MediaSeries<MediaItem> | undefined; at: number }) {
  if (!series) return <p className="ink-3">Nothing under this key.</p>
  const place = placeAt(series.steps, at)
  if (place < 0)
    return (
      <p className="ink-3">Nothing up to here; the first is at step {formatExactCount(series.steps[0] as number)}.</p>
    )
  const step = series.steps[place] as number
  const items = series.items[place] as MediaItem[]
  return items.map((item, i) => {
    const what = `${name} at step ${step}${items.length > 1 ? `, ${i + 1} of ${items.length}` : ''}`
    return (
      <div key={item.id} className={styles.item}>
        <Preview file={item} what={what} height={PREVIEW_PX} />
        <p className={styles.note}>
          Step {formatExactCount(step)}
          {items.length > 1 ? `, ${i + 1} of ${items.length}` : ''}{' '}
          <a className="link" href={artifactAddress(item.id)} aria-label={`Download ${what}`}>
            Download
          </a>
        </p>
      </div>
    )
  })
}

/** At an end it stays a button that can be reached, and does nothing. */
function StepButton(props: { label: string; Icon: typeof ChevronLeft; onClick: () => void; off: boolean }) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={28}
      aria-label={props.label}
      aria-disabled={props.off || undefined}
      title={props.off ? `${props.label}: there is none` : props.label}
      onClick={props.off ? undefined : props.onClick}
    >
      <props.Icon size={16} strokeWidth={1.75} aria-hidden />
    </ActionIcon>
  )
}
