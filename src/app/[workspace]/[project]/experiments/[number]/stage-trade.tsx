import type { ReactNode } from 'react'
import { formatNumber } from '#src/core/format/number.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { formatRate, perReadable } from './per-money.ts'
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
          {budget.holds && budget.gate !== 'off' ? ', and holds up what follows' : ''}
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

/** What the gain took, per an amount of money in which the number reads; the rate per 1,000 is told on the hover. */
function PerMoney({ page: { gain_per_thousand: rates, forgetting, cost } }: { page: StagePage }) {
  const unit = unitWord(forgetting.parent.target?.unit ?? null)
  return rates.map((rate) => {
    const spent = cost.total.amounts.find(({ currency }) => currency === rate.currency)
    const { value, low, high, term, exact } = perReadable(rate, spent?.amount ?? null, unit)
    return (
      <Item key={rate.currency ?? ''} term={term}>
        {value === null ? (
          <span>not told: {rate.reason}</span>
        ) : (
          <>
            <span className={styles.tradeValue} title={exact}>
              {formatRate(value)} {unit}
            </span>
            {low === null || high === null ? (
              <span>no interval</span>
            ) : (
              <span title={exact}>
                95 % {formatRate(low)} to {formatRate(high)}
              </span>
            )}
          </>
        )}
      </Item>
    )
  })
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
          {low == null || high == null ? (
            <span>no interval</span>
          ) : (
            <span>
              95 % {formatNumber(low, 2)} to {formatNumber(high, 2)}
            </span>
          )}
        </>
      )}
    </Item>
  )
}
