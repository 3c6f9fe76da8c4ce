import { CircleCheck, CircleHelp, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import { formatMoney } from '#src/core/format/money.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { GainChip } from '#src/ui/benchmarks/fact-chips.tsx'
import { changeInk, changeNumber, intervalWords, shortReading } from '#src/ui/changes/change-words.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'
import { timeWords } from '#src/ui/cost/cost-units.ts'
import { lackWord } from '#src/ui/cost/totals.ts'
import { ChangeGlyph } from '#src/ui/marks/change-mark.tsx'
import styles from './stage.module.css'
import { gainOf, meanInterval, meanWords, retentionOf, verdictAgainst, verdictOf } from './verdict.ts'

/** Gain, retention, time, tokens, verdict: one row that is the answer. */
export function StageNumbers({ page }: { page: StagePage }) {
  const { card } = page
  const against = verdictAgainst(page)
  const verdict = verdictOf(page.changes, against, page.forgetting.budget.points)
  const isRoot = page.baseline === null && page.parents.length === 0
  return (
    <dl className={styles.numbers}>
      <Gain page={page} />
      <Retention page={page} />
      <StageSpend page={page} />
      <Cell
        label="Tokens"
        value={card.tokens === null ? '–' : formatCount(card.tokens)}
        exact={card.tokens === null ? undefined : formatExactCount(card.tokens)}
        note={card.steps === null ? 'steps not told' : `${formatExactCount(card.steps)} steps`}
      />
      {isRoot ? (
        <Cell
          label="Parameters"
          value={card.params === null ? '–' : formatCount(card.params)}
          exact={card.params === null ? undefined : formatExactCount(card.params)}
          note={rootWords(page)}
        />
      ) : (
        <div className={styles.verdict} data-tone={verdict.tone}>
          <dt>Verdict{page.baseline ? `, against ${page.baseline.experiment.name}` : ''}</dt>
          <dd className={styles.verdictTitle}>
            <VerdictIcon tone={verdict.tone} />
            {verdict.title}
          </dd>
          <dd className={styles.verdictNote}>{verdict.note}</dd>
          {besides(page).map((words) => (
            <dd key={words} className={styles.verdictNote}>
              {words}
            </dd>
          ))}
        </div>
      )}
    </dl>
  )
}

/** The other reference where it says something else, and the gate where it is closed. */
function besides({ forgetting, baseline }: StagePage): string[] {
  const other = baseline?.kind === 'root' ? forgetting.parent : forgetting.root
  const shown = baseline?.kind === 'root' ? forgetting.root : forgetting.parent
  const isOther = other.reference?.experiment.number !== shown.reference?.experiment.number
  const words = { fail: 'over budget', warn: 'cannot tell', pass: 'within budget' }
  return [
    ...(isOther && other.reference && other.budget.verdict && other.budget.verdict !== shown.budget.verdict
      ? [`Against ${other.reference.experiment.name}: ${words[other.budget.verdict]}.`]
      : []),
    ...gateWords(forgetting),
  ]
}

/** What a gate that holds nothing up says of what starts here; one that does has a line of its own. */
function gateWords({ gate, budget }: StagePage['forgetting']): string[] {
  if (gate.state !== 'closed') return []
  return [budget.holds ? 'The gate is closed.' : 'The gate is closed: stages that start here should wait.']
}

function VerdictIcon({ tone }: { tone: ReturnType<typeof verdictOf>['tone'] }) {
  const Icon = tone === 'fine' ? CircleCheck : tone === 'unknown' ? CircleHelp : TriangleAlert
  return <Icon size={16} strokeWidth={1.75} aria-hidden />
}

function rootWords({ card }: StagePage): string {
  if (card.root?.kind === 'random_init') return 'from random weights'
  if (card.root?.kind === 'external_base') return `external: ${card.root.name}`
  return card.root?.kind === 'api_model' ? `API model ${card.root.name}` : 'a root of the lineage'
}

function Gain({ page }: { page: StagePage }) {
  const gain = gainOf(page.changes)
  if (!gain)
    return (
      <Cell
        label="Gain"
        value="–"
        note={page.baseline === null ? 'nothing to compare with' : 'no target was measured on both'}
      />
    )
  const interval = intervalWords(gain)
  return (
    <Cell
      label={`Gain, ${gain.benchmark.name}`}
      value={
        <span className={styles.ink} data-ink={changeInk(gain)}>
          <ChangeGlyph change={gain} /> {changeNumber(gain)}{' '}
          {gain.baseline !== null && gain.value !== null ? (
            <small>
              {scoreWords(gain.baseline, gain.benchmark)} → {scoreWords(gain.value, gain.benchmark)}
            </small>
          ) : null}
        </span>
      }
      note={
        <>
          <GainChip benchmark={gain.benchmark} />{' '}
          {interval && gain.reading !== 'no_difference_found'
            ? `95 % ${interval}${gain.n === null ? '' : `, n ${formatCount(gain.n)}`}`
            : `${shortReading(gain)}${gain.n === null ? '' : `, n ${formatCount(gain.n)}`}`}
        </>
      }
    />
  )
}

function Retention({ page }: { page: StagePage }) {
  const retention = retentionOf(page.changes, verdictAgainst(page))
  if (!retention)
    return (
      <Cell
        label="Retention"
        value="–"
        note={page.baseline === null ? 'nothing to compare with' : 'nothing that should be kept was measured on both'}
      />
    )
  const { worst, mean, hidden } = retention
  return (
    <Cell
      label="Retention"
      value={
        <>
          {retention.value} <small>{retention.unit}</small>
        </>
      }
      note={
        <>
          {mean ? (
            <span
              className={styles.line}
              title={`Mean over ${mean.used} of ${mean.total} benchmarks, within categories first, with its 95 % interval${mean.unit === 'points' ? '; points between chance and best' : ''}`}
            >
              mean {meanWords(mean)} {meanInterval(mean) === null ? '(no interval)' : `(${meanInterval(mean)})`}
            </span>
          ) : null}
          {hidden ? <span className={styles.line}>{hidden}</span> : null}
          {worst && (worst.utility ?? 0) < 0 ? (
            <>
              worst{' '}
              <span className={styles.ink} data-ink={changeInk(worst)}>
                {worst.benchmark.name} {changeNumber(worst)}
              </span>
              {worst.n === null ? null : `, n ${formatCount(worst.n)}`}
            </>
          ) : (
            'nothing fell'
          )}
        </>
      }
    />
  )
}

/** Money and time. Unknown money is unknown: the hours stand for it, and the page says what price is missing. */
function StageSpend({ page: { card, cost } }: { page: StagePage }) {
  const { total } = cost
  const hours =
    card.device_hours === null
      ? 'no allocation told'
      : `${timeWords(card.device_hours)} of ${card.device_kind?.toUpperCase() ?? 'device'} time`
  return (
    <Cell
      label="Cost"
      value={
        <>
          {card.wall_s === null ? '–' : formatDuration(card.wall_s)}{' '}
          {total.amounts.map((sum) => (
            <small key={sum.currency} title={`${sum.amount} ${sum.currency}; ${sourceWords(cost)}`}>
              {formatMoney(sum)}
            </small>
          ))}
        </>
      }
      note={
        <>
          {hours}
          {total.lacks.length > 0 ? <span className={styles.line}>{lackWords(total)}</span> : null}
          {total.lacks.length === 0 && total.amounts.length > 0 ? (
            <span className={styles.line} title={sourceWords(cost)}>
              {priceWords(cost)}
            </span>
          ) : null}
        </>
      }
    />
  )
}

/** "price missing for L40S"; of several things the first. */
function lackWords(total: StagePage['cost']['total']): string {
  if (lackWord(total) === 'not published') return 'cost not published'
  const [what, ...others] = new Set(total.lacks.map((lack) => lack.what))
  return `price missing for ${what}${others.length > 0 ? ` and ${others.length} more` : ''}`
}

/** "assumed price", "price of 2026-11-01"; money that was entered has none. */
function priceWords({ total, sources: [first] }: StagePage['cost']): string {
  if (!first) return 'as entered'
  const of = first.priced_on === null ? '' : ` of ${first.priced_on}`
  return `${total.assumed ? 'assumed price' : 'price'}${of}`
}

/** Device, price, source and date of each price that the money comes from. */
const sourceWords = ({ sources }: StagePage['cost']): string =>
  sources
    .map(
      (use) => `${use.device} at ${use.per_hour} ${use.currency} an hour (${use.source}, ${use.priced_on ?? use.on})`,
    )
    .join('; ')

function Cell(props: { label: string; value: ReactNode; exact?: string | undefined; note: ReactNode }) {
  return (
    <div className={styles.cell}>
      <dt>{props.label}</dt>
      <dd className={styles.cellValue} title={props.exact}>
        {props.value}
      </dd>
      <dd className={styles.cellNote}>{props.note}</dd>
    </div>
  )
}
