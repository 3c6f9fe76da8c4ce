import { Cpu } from 'lucide-react'
import Link from 'next/link'
import { formatCount } from '#src/core/format/count.ts'
import { formatDuration, formatHours } from '#src/core/format/duration.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { StageCard as Card } from '#src/protocol/lineage.ts'
import { changeNumber } from '#src/ui/changes/change-words.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'
import { changeLook } from '#src/ui/marks/change-ink.ts'
import { BudgetCorner, BudgetGauge, ChangeGlyph } from '#src/ui/marks/change-mark.tsx'
import { Sparkline } from '#src/ui/marks/sparkline.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import styles from './card.module.css'
import {
  changeWords,
  consumedWords,
  deviceHoursWords,
  kindLine,
  overBudgetWords,
  progressShare,
  wallWords,
} from './card-words.ts'

/** What a stage is and did, 186 × 126: a thing that can be picked up. `href` is its page. */
export function StageCard({ card, href }: { card: Card; href: string }) {
  const share = progressShare(card)
  return (
    <>
      <div className={styles.top}>
        <StageIcon kind={card.stage_kind} />
        <Link className={styles.name} href={href} tabIndex={-1} title={card.name} prefetch={false}>
          {card.name}
        </Link>
        {share === null ? (
          <StateWord state={card.state} detail={card.state_detail} small />
        ) : (
          <span style={{ color: 'var(--s-running)' }}>{Math.floor(share * 100)} %</span>
        )}
      </div>
      <div className={styles.kind}>{kindLine(card)}</div>
      <div className={styles.spread}>
        {[consumedWords(card), wallWords(card)].map((words) =>
          words === null ? null : <span key={words}>{words}</span>,
        )}
        {card.device_hours === null || isLong(consumedWords(card)) ? null : (
          <span className={styles.hours} title={deviceHoursWords(card) ?? undefined}>
            <Cpu size={12} strokeWidth={1.75} aria-hidden />
            {shortHours(card.device_hours)} h
          </span>
        )}
      </div>
      <div className={styles.rule} data-running={share !== null || undefined}>
        {share === null ? null : <div className={styles.progress} style={{ width: `${share * 100}%` }} />}
      </div>
      <Middle card={card} />
      <Foot card={card} />
      {overBudgetWords(card) === null ? null : <BudgetCorner certain label={overBudgetWords(card) ?? ''} />}
    </>
  )
}

/** "105/760 steps" and "1.56M tok planned" leave no room for a third number. */
const isLong = (words: string | null): boolean => words !== null && words.length > 10

/** Three decimals at most: 0.064, 0.008, 1.24, 12.4; the title tells it whole. */
const shortHours = (hours: number): string => formatHours(hours, hours >= 1 ? 3 : hours >= 0.01 ? 2 : 1)

/** Two lines: the reason first where something is wrong, the scores of a root, else what was gained and lost. */
function Middle({ card }: { card: Card }) {
  if ((card.state === 'failed' || card.state === 'waiting') && card.state_detail) {
    return (
      <div className={styles.detail} title={card.state_detail}>
        {card.state_detail}
      </div>
    )
  }
  if (card.root !== null && card.scores.length > 0) {
    return (
      <>
        {card.scores.slice(0, 2).map((score) => (
          <div key={score.id} className={styles.line} data-root>
            <span className={styles.lineName} title={score.benchmark.name}>
              {score.benchmark.name}
            </span>
            <span className={styles.lineValue}>{scoreWords(score.score, score.benchmark)}</span>
          </div>
        ))}
      </>
    )
  }
  if (card.target === null && card.worst === null) return <NothingMeasured card={card} />
  return (
    <>
      {card.target ? <ChangeLine change={card.target} /> : <Said text="no target measured" />}
      {card.worst ? <ChangeLine change={card.worst} gauge /> : <Said text="nothing else measured" />}
    </>
  )
}

function NothingMeasured({ card }: { card: Card }) {
  if (card.state === 'planned') {
    return <div className={styles.detail}>{card.plan?.note ?? 'Nothing has run yet'}</div>
  }
  const left = card.progress?.seconds_left
  const speed = card.progress?.tokens_per_s
  return (
    <>
      <Said text={card.evaluations === 0 ? 'not evaluated yet' : 'nothing to compare with'} />
      <div className={styles.line} data-ink="grey">
        <span className={styles.lineName}>
          {left != null ? `about ${left < 100 ? `${Math.ceil(left)} s` : formatDuration(left)} left` : ''}
        </span>
        <span className={styles.lineValue}>{speed != null ? `${formatCount(speed)} tok/s` : ''}</span>
      </div>
    </>
  )
}

const Said = ({ text }: { text: string }) => (
  <div className={styles.line} data-ink="grey">
    <span className={styles.lineName}>{text}</span>
  </div>
)

function ChangeLine({ change, gauge = false }: { change: Change; gauge?: boolean }) {
  return (
    <div
      className={styles.line}
      data-ink={changeLook(change).ink}
      title={change.reason ?? `${change.benchmark.name} ${changeWords(change)}`}
    >
      <ChangeGlyph change={change} />
      <span className={styles.lineName} title={change.benchmark.name}>
        {change.benchmark.name}
      </span>
      {gauge ? <BudgetGauge change={change} /> : null}
      <span className={styles.lineValue}>{gauge ? changeNumber(change) : changeWords(change)}</span>
    </div>
  )
}

function Foot({ card }: { card: Card }) {
  if (card.loss === null) {
    return <div className={styles.foot}>{card.state === 'planned' ? 'No estimate yet' : 'No loss logged'}</div>
  }
  const last = card.loss.last === null ? '' : ` ${formatNumber(card.loss.last, 2)}`
  return (
    <div className={styles.foot}>
      <Sparkline
        x={card.loss.x}
        y={card.loss.y}
        width={106}
        height={16}
        colour={STAGE_LOOKS[card.stage_kind].colour}
        label={`Loss of ${card.name}${last ? `, last${last}` : ''}`}
      />
      <span title={card.loss.key}>loss{last}</span>
    </div>
  )
}
