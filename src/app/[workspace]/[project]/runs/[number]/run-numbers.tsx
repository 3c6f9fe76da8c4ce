'use client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatDuration, formatHours } from '#src/core/format/duration.ts'
import { formatValue } from '#src/core/format/number.ts'
import { mainLoss } from '#src/core/lineage/main-loss.ts'
import type { RunCost } from '#src/protocol/cost.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import type { RunDetail } from '#src/protocol/runs.ts'
import { changeInk, changeNumber, directionArrow, intervalWords, shortReading } from '#src/ui/changes/change-words.ts'
import { headlineChanges } from '#src/ui/changes/headline-changes.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'
import { lackWord, lackWords, totalWords } from '#src/ui/cost/totals.ts'
import { useNow } from '#src/ui/kit/now.ts'
import { FALLBACK_POLL_MS } from '#src/ui/live/use-refresh-on-news.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './run.module.css'
import type { RunPlace } from './run-place.ts'
import { useRunChanges } from './use-run-changes.ts'

interface Cell {
  label: ReactNode
  value: ReactNode
  exact?: string | undefined
  note: ReactNode
}

/** The headline numbers: is it healthy, and was it worth it. */
export function RunNumbers(props: RunPlace & { run: RunDetail; metrics: MetricSummary[] | undefined }) {
  const { run, metrics } = props
  const now = useNow()
  const changes = useRunChanges(props, false)
  const trpc = useTRPC()
  const cost = useQuery(
    trpc.cost.run.queryOptions(
      { workspace: props.workspace, project: props.project, run: props.number },
      { refetchInterval: run.state === 'running' ? FALLBACK_POLL_MS : false, retry: false },
    ),
  )
  const cells: Cell[] = [
    stepCell(run),
    ...lossCell(metrics),
    ...headlineChanges(changes.changes).map(changeCell),
    ...tokensCell(run),
    ...speedCell(run, metrics),
    wallCell(run, now),
    costCell(cost.data, run),
  ]
  return (
    <dl className={styles.numbers}>
      {cells.map((cell, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells keep their place
        <div key={i} className={styles.cell}>
          <dt>{cell.label}</dt>
          <dd className={styles.cellValue} title={cell.exact}>
            {cell.value}
          </dd>
          <dd className={styles.cellNote}>{cell.note}</dd>
        </div>
      ))}
    </dl>
  )
}

function stepCell(run: RunDetail): Cell {
  const { last_step: last, total_steps: total } = run
  // Loops that count from 0 end one below their total.
  const reached = last !== null && last + 1 === total ? total : last
  return {
    label: 'Step',
    value:
      reached === null ? (
        '–'
      ) : (
        <>
          {formatExactCount(reached)}
          {total === null ? null : <small> / {formatExactCount(total)}</small>}
        </>
      ),
    note:
      reached === null
        ? 'no point yet'
        : total === null
          ? 'total not told'
          : reached >= total
            ? 'all steps done'
            : `${Math.floor((100 * reached) / total)} % done`,
  }
}

function lossCell(metrics: MetricSummary[] | undefined): Cell[] {
  const key = metrics ? mainLoss(metrics) : null
  const summary = metrics?.find((s) => s.key === key)
  if (!summary) return []
  const last = toNumber(summary.last_value)
  const least = toNumber(summary.min)
  return [
    {
      label: `${summary.key} ↓`,
      value: last === null ? '–' : formatValue(last),
      exact: String(summary.last_value),
      note: least === null ? 'last value' : `least ${formatValue(least)} at step ${formatCount(summary.min_step ?? 0)}`,
    },
  ]
}

function changeCell(change: Change): Cell {
  const interval = intervalWords(change)
  if (change.reading === 'missing_baseline') return scoreCell(change)
  const proven = change.reading === 'gained' || change.reading === 'lost'
  return {
    label: (
      <>
        {change.benchmark.name} {directionArrow(change.benchmark.higher_is_better)} <small>vs parent</small>
      </>
    ),
    value: change.value === null ? '–' : scoreWords(change.value, change.benchmark),
    exact: String(change.value),
    note:
      change.change === null ? (
        <span title={change.reason ?? undefined}>{shortReading(change)}</span>
      ) : (
        <span title={interval ? `95 % ${interval}. ${change.method}` : change.method}>
          {changeInk(change) === 'grey' ? null : (
            <b className={styles.ink} data-ink={changeInk(change)}>
              {changeNumber(change)}{' '}
            </b>
          )}
          {shortReading(change)} {proven && interval ? <span className={styles.cellInterval}>[{interval}]</span> : null}
        </span>
      ),
  }
}

/** A score that stands alone: at a root, or where the parent was not measured. */
function scoreCell(change: Change): Cell {
  const { benchmark, value, value_low: low, value_high: high, n } = change
  return {
    label: `${change.benchmark.name} ${directionArrow(change.benchmark.higher_is_better)}`,
    value: value === null ? '–' : scoreWords(value, benchmark),
    exact: String(value),
    note:
      low === null || high === null
        ? `no interval${n === null ? '' : `, n ${formatCount(n)}`}`
        : `95 % ${scoreWords(low, benchmark)} to ${scoreWords(high, benchmark)}`,
  }
}

function tokensCell(run: RunDetail): Cell[] {
  if (run.tokens === null) return []
  return [{ label: 'Tokens', value: formatCount(run.tokens), exact: formatExactCount(run.tokens), note: 'consumed' }]
}

function speedCell(run: RunDetail, metrics: MetricSummary[] | undefined): Cell[] {
  const logged = metrics?.find(
    (s) => s.key === 'tokens_per_s' || s.key === 'tokens/s' || s.key.endsWith('/tokens_per_s'),
  )
  const last = logged ? toNumber(logged.last_value) : null
  if (last !== null)
    return [
      {
        label: 'Speed',
        value: (
          <>
            {formatCount(last)} <small>tok/s</small>
          </>
        ),
        exact: String(last),
        note: 'last value',
      },
    ]
  if (run.wall_s === null || run.wall_s <= 0) return []
  if (run.tokens !== null)
    return [
      {
        label: 'Speed',
        value: (
          <>
            {formatCount(run.tokens / run.wall_s)} <small>tok/s</small>
          </>
        ),
        note: 'tokens by wall time',
      },
    ]
  if (run.last_step === null) return []
  return [
    {
      label: 'Speed',
      value: (
        <>
          {formatValue((run.last_step + 1) / run.wall_s)} <small>steps/s</small>
        </>
      ),
      note: 'steps by wall time',
    },
  ]
}

function wallCell(run: RunDetail, now: number): Cell {
  const attempt = run.attempts.at(-1)
  const isRunning = run.state === 'running' && attempt?.started_at
  const since = isRunning && now > 0 ? Math.max(0, (now - Date.parse(attempt.started_at ?? '')) / 1000) : null
  return {
    label: 'Wall time',
    value: run.wall_s === null ? (since === null ? '–' : formatDuration(since)) : formatDuration(run.wall_s),
    note:
      run.attempts.length > 1
        ? `${run.attempts.length} attempts`
        : run.attempts.length === 1
          ? 'one attempt'
          : 'not started',
  }
}

/** What all attempts cost so far, at the prices of the book; the hardware and its hours below. */
function costCell(cost: RunCost | undefined, run: RunDetail): Cell {
  const kind = run.device_kind ?? run.allocations[0]?.device_kind ?? null
  const count = run.allocations.at(-1)?.count
  const device = run.allocations.at(-1)?.device_name || kind
  const hardware =
    kind === null ? 'no hardware told' : `${formatHours(run.device_hours)} h of ${count ? `${count} × ` : ''}${device}`
  const label = run.state === 'running' ? 'Cost so far' : 'Cost'
  if (!cost) return { label, value: '–', note: hardware }
  const { total } = cost
  const isKnown = total.amounts.length > 0
  return {
    label,
    value: isKnown ? totalWords({ ...total, lacks: [] }, null) : <small>{lackWord(total)}</small>,
    exact: total.lacks.length > 0 ? `Without a price: ${lackWords(total).join(', ')}` : undefined,
    note: `${hardware}${isKnown && total.assumed ? ', price assumed' : ''}${isKnown && total.lacks.length > 0 ? ', not all priced' : ''}`,
  }
}

function toNumber(value: MetricSummary['last_value']): number | null {
  if (value === null) return null
  return typeof value === 'number' ? value : Number(value)
}
