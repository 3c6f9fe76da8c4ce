import type { ReactNode } from 'react'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import styles from './stage.module.css'
import { StageBudget } from './stage-budget.tsx'
import type { StagePlace } from './stage-place.ts'
import { pointsWord, unitWord, verdictAgainst } from './verdict.ts'

/** What the gain was bought with: money, and points of what should be kept; then what the stage may lose. */
export function StageTrade(props: StagePlace & { page: StagePage; mayWrite: boolean }) {
  const { page } = props
  const { budget } = page.forgetting
  if (page.baseline === null && page.parents.length === 0) return null
  return (
    <dl className={styles.trade}>
      <PerMoney page={page} />
      <Exchange page={page} />
      <Item term="Budget">
        <span>
          <span className={styles.tradeValue}>mean may fall {pointsWord(budget.points)}</span>
          {budget.points_default ? ' by default' : ''}; {GATE_WORDS[budget.gate]}
        </span>
        <StageBudget {...props} />
      </Item>
    </dl>
  )
}

const GATE_WORDS = {
  off: 'no gate',
  fail: 'gate closes when over budget',
  warn: 'gate closes unless certainly within',
} as const

function Item({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function PerMoney({ page: { gain_per_thousand: rates, forgetting } }: { page: StagePage }) {
  const unit = unitWord(forgetting.parent.target?.unit ?? null)
  return rates.map((rate) => (
    <Item key={rate.currency ?? ''} term={`Gain per 1,000 ${rate.currency ?? 'of money'}`}>
      {rate.value === null ? (
        <span>not told: {rate.reason}</span>
      ) : (
        <>
          <span className={styles.tradeValue}>
            {largeChange(rate.value)} {unit}
          </span>
          {rate.low === null || rate.high === null ? (
            <span>no interval</span>
          ) : (
            <span>
              95 % {largeChange(rate.low)} to {largeChange(rate.high)}
            </span>
          )}
        </>
      )}
    </Item>
  ))
}

/** Three significant digits from a million on: a toy that cost a tenth of a cent gains millions of points per 1,000. */
function largeChange(value: number): string {
  const size = Math.abs(value)
  if (size < 100) return formatChange(value, 1)
  const text = size.toLocaleString(
    'en',
    size >= 1e6 ? { notation: 'compact', maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 },
  )
  return `${value < 0 ? '−' : '+'}${text}`
}

function Exchange({ page }: { page: StagePage }) {
  const { exchange } = verdictAgainst(page)
  const unit = exchange.unit ? unitWord(exchange.unit).replace(/s$/, '') : 'point'
  const isPaid = (exchange.rate ?? -1) <= 0
  // As people say it: lost is positive. A stage that gained on both sides lost a negative number, which nobody says.
  const sign = isPaid ? -1 : 1
  const ends = [exchange.low, exchange.high]
    .map((end) => (end === null ? null : sign * end || 0))
    .sort((a, b) => (a ?? 0) - (b ?? 0))
  const [low, high] = ends
  return (
    <Item
      term={`${unit === 'point' ? (isPaid ? 'Points lost' : 'Points also gained') : isPaid ? 'Lost' : 'Also gained'} per ${unit} gained`}
    >
      {exchange.rate === null ? (
        <span>not told: {exchange.reason}</span>
      ) : (
        <>
          <span className={styles.tradeValue}>{formatNumber(Math.abs(exchange.rate), 2)}</span>
          {low == null || high == null ? null : (
            <span>
              95 % {formatNumber(low, 2)} to {formatNumber(high, 2)}
            </span>
          )}
        </>
      )}
    </Item>
  )
}
