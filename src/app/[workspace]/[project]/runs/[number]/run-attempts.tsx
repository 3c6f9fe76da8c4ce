'use client'
import { useQuery } from '@tanstack/react-query'
import { Eye, EyeOff } from 'lucide-react'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { useRef } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import type { Attempt, RunDetail } from '#src/protocol/runs.ts'
import { clockTime } from '#src/ui/charts/axis-words.ts'
import { useWidth } from '#src/ui/charts/box-size.ts'
import { timeScale } from '#src/ui/charts/ticks.ts'
import { useNow } from '#src/ui/kit/now.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { type AttemptRow, attemptRows, endWords } from './attempt-rows.ts'
import { attemptsLane, type Lane, type Stretch } from './attempts-lane.ts'
import { instantWords } from './instant-words.ts'
import styles from './run.module.css'
import type { RunPlace } from './run-place.ts'

/** Baselines of what each attempt did, above the flags, and of the clock, px. */
const WORDS_Y = 13
const CLOCK_Y = 58
const BAR_TOP = 26
const BAR_HEIGHT = 10
/** A wait narrower than this says its reason on hover only. */
const WAIT_WORDS_PX = 200

/** One lane on a clock axis: what counts, what was done again, what waited and why, checkpoints, now. */
export function RunAttempts(props: RunPlace & { run: RunDetail; live: boolean }) {
  const { run, workspace, project, number } = props
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const tick = useNow()
  const trpc = useTRPC()
  const checkpoints = useQuery(trpc.runs.checkpoints.queryOptions({ workspace, project, run: number }))
  const now = tick > 0 ? tick : Date.parse(run.last_contact_at ?? run.created_at)
  const lane = attemptsLane(run.created_at, run.attempts, now)
  const [superseded, setSuperseded] = useQueryState('superseded', parseAsBoolean.withDefault(false))
  if (run.attempts.length === 0) return null
  return (
    <section className={styles.attempts} aria-label="Attempts">
      <p className={styles.attemptsHead}>
        <strong>{run.attempts.length === 1 ? 'Attempt' : 'Attempts'}</strong>
        <span>{headWords(run, lane)}</span>
        {lane.supersededSteps.length > 0 ? (
          <button
            type="button"
            className={`link ${styles.inCharts}`}
            aria-pressed={superseded}
            onClick={() => void setSuperseded(!superseded)}
          >
            {superseded ? (
              <Eye size={14} strokeWidth={1.75} aria-hidden />
            ) : (
              <EyeOff size={14} strokeWidth={1.75} aria-hidden />
            )}
            {superseded ? 'Superseded steps are in the charts' : 'Show superseded steps in the charts'}
          </button>
        ) : null}
      </p>
      <div ref={box} className={styles.laneBox}>
        {width > 0 ? (
          <LaneDrawing
            run={run}
            lane={lane}
            width={width}
            now={now}
            flags={(checkpoints.data ?? []).map((c) => ({ at: Date.parse(c.created_at), step: c.step }))}
          />
        ) : null}
      </div>
      {run.attempts.length > 1 ? (
        <details className={styles.details}>
          <summary>All {run.attempts.length} attempts</summary>
          <DataTable
            label="Attempts"
            request={{ path: `/runs/${run.uid}`, query: {} }}
            columns={COLUMNS}
            rows={attemptRows(run.attempts, now)}
            rowKey={(row) => String(row.number)}
            none=""
            compact
          />
        </details>
      ) : null}
    </section>
  )
}

const COLUMNS: readonly Column<AttemptRow>[] = [
  { key: 'number', title: 'Attempt', head: true, cell: (row) => row.number },
  { key: 'steps', title: 'Steps', nowrap: true, cell: (row) => row.steps },
  {
    key: 'superseded',
    title: 'Superseded',
    nowrap: true,
    cell: (row) => row.superseded ?? <span className="ink-3">none</span>,
  },
  { key: 'from', title: 'Began from', cell: (row) => row.from },
  { key: 'where', title: 'Where', cell: (row) => row.where },
  {
    key: 'started',
    title: 'Started',
    nowrap: true,
    cell: (row) =>
      row.startedAt ? (
        <time dateTime={row.startedAt} title={row.startedAt} suppressHydrationWarning>
          {instantWords(row.startedAt)}
        </time>
      ) : (
        <span className="ink-3">not started</span>
      ),
  },
  { key: 'took', title: 'Took', align: 'right', nowrap: true, cell: (row) => row.took },
  { key: 'end', title: 'Ended', cell: (row) => row.end },
]

/** How a single attempt stands when it did not just run through. */
const SINGLE: Partial<Record<RunDetail['state'], string>> = {
  failed: 'failed',
  lost: 'out of contact',
  stopped: 'stopped',
  preempted: 'preempted',
}

function headWords(run: RunDetail, lane: Lane): string {
  const parts = [
    run.attempts.length === 1
      ? `one, ${SINGLE[run.state] ?? 'never interrupted'}`
      : `${run.attempts.length}, ${run.attempts.length - 1} resumed`,
  ]
  for (const { from, to } of lane.supersededSteps)
    parts.push(
      `steps ${formatExactCount(from)} to ${formatExactCount(to)} superseded, ${formatExactCount(to - from + 1)} done again`,
    )
  return parts.join(' · ')
}

function LaneDrawing(props: {
  run: RunDetail
  lane: Lane
  width: number
  now: number
  flags: readonly { at: number; step: number }[]
}) {
  const { run, lane, width } = props
  const toX = (t: number) => ((t - lane.from) / (lane.to - lane.from)) * (width - 2) + 1
  const scale = timeScale(lane.from, lane.to, Math.max(2, Math.floor(width / 150)))
  const isRunning = run.state === 'running'
  return (
    <svg className={styles.lane} width={width} height={62} role="img" aria-label={laneWords(run, lane)}>
      <defs>
        <pattern id="superseded" width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V6" stroke="var(--s-running)" strokeWidth={3} />
        </pattern>
      </defs>
      <path className={styles.laneAxis} d={`M0 ${BAR_TOP + BAR_HEIGHT + 6.5}H${width}`} />
      {scale.at.map((t, i) => {
        const x = toX(t)
        const before = scale.at[i - 1]
        // A lane shorter than its seconds says each once.
        if (before !== undefined && clockTime(before) === clockTime(t)) return null
        return x < 24 || x > width - (isRunning ? 70 : 24) ? null : (
          <text key={t} className={styles.laneTick} x={x} y={CLOCK_Y} textAnchor="middle">
            {clockTime(t)}
          </text>
        )
      })}
      {lane.stretches.map((stretch) => (
        <LaneStretch
          key={`${stretch.kind}-${stretch.from}`}
          run={run}
          stretch={stretch}
          toX={toX}
          room={roomAfter(lane, stretch, toX, width)}
        />
      ))}
      {props.flags.map((flag) => (
        <path key={`${flag.at}-${flag.step}`} className={styles.laneFlag} d={`M${toX(flag.at)} ${BAR_TOP}v-8l6 3l-6 3`}>
          <title>{`Checkpoint at step ${flag.step}, ${clockTime(flag.at)}`}</title>
        </path>
      ))}
      {isRunning ? (
        <g className={styles.laneNow}>
          <path d={`M${toX(props.now) - 0.5} ${BAR_TOP - 6}v${BAR_HEIGHT + 14}`} />
          <text x={width - 1} y={CLOCK_Y} textAnchor="end">
            now
          </text>
        </g>
      ) : null}
    </svg>
  )
}

/** Px from the beginning of a stretch to the next words above the lane. */
function roomAfter(lane: Lane, stretch: Stretch, toX: (t: number) => number, width: number): number {
  const next = lane.stretches.find((other) => other.from > stretch.from && other.kind !== 'superseded')
  // A wait that is too short for words of its own leaves its room to those before it.
  const isBlank = next?.kind === 'waiting' && toX(next.to) - toX(next.from) < WAIT_WORDS_PX
  const after = isBlank ? lane.stretches.find((other) => other.from >= next.to && other.kind === 'kept') : next
  return (after ? toX(after.from) : width) - toX(stretch.from) - 8
}

function LaneStretch(props: { run: RunDetail; stretch: Stretch; toX: (t: number) => number; room: number }) {
  const { run, stretch } = props
  const x = props.toX(stretch.from)
  const w = Math.max(1.5, props.toX(stretch.to) - x)
  const attempt = run.attempts.find((a) => a.number === stretch.attempt)
  const middle = BAR_TOP + BAR_HEIGHT / 2
  if (stretch.kind === 'waiting') {
    const before = run.attempts.find((a) => a.number === stretch.attempt - 1)
    const words = `${formatDuration((stretch.to - stretch.from) / 1000)} waiting: ${before ? endWords(before) : 'in the queue'}`
    return (
      <g>
        <path className={styles.laneWait} d={`M${x + 3} ${middle + 0.5}H${Math.max(x + 4, x + w - 3)}`}>
          <title>{words}</title>
        </path>
        {w > Math.max(WAIT_WORDS_PX, words.length * 6.6) ? (
          <text className={styles.laneWord} x={x + w / 2} y={WORDS_Y} textAnchor="middle">
            {words}
          </text>
        ) : null}
      </g>
    )
  }
  const label = attempt ? attemptWords(attempt) : ''
  return (
    <g>
      <rect
        x={x}
        y={BAR_TOP}
        width={w}
        height={BAR_HEIGHT}
        rx={1}
        fill={stretch.kind === 'superseded' ? 'url(#superseded)' : 'var(--s-running)'}
        stroke={stretch.kind === 'superseded' ? 'var(--s-running)' : 'none'}
      >
        <title>{stretch.kind === 'superseded' ? `${label}; these steps were done again` : label}</title>
      </rect>
      {stretch.kind === 'kept' && (label.length + 2) * 6.4 < props.room ? (
        <text className={styles.laneWord} x={x} y={WORDS_Y}>
          <tspan className={styles.laneNumber}>{stretch.attempt}</tspan> {label}
        </text>
      ) : null}
    </g>
  )
}

function attemptWords(attempt: Attempt): string {
  const steps =
    attempt.last_step === null
      ? 'no steps'
      : `steps ${formatExactCount(attempt.first_step)} to ${formatExactCount(attempt.last_step)}`
  const end = attempt.end_reason === null || attempt.end_reason === 'finished' ? '' : `, ${endWords(attempt)}`
  return `${steps}${end}`
}

function laneWords(run: RunDetail, lane: Lane): string {
  const attempts = run.attempts.map((attempt) => `Attempt ${attempt.number}: ${attemptWords(attempt)}.`)
  const waits = lane.stretches
    .filter((stretch) => stretch.kind === 'waiting')
    .map((stretch) => `Waited ${formatDuration((stretch.to - stretch.from) / 1000)}.`)
  return [...attempts, ...waits].join(' ')
}
