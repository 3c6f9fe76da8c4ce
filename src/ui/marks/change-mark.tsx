import type { ReactNode } from 'react'
import { READING_WORDS } from '#src/core/evaluations/reading-words.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import { budgetShare, changeLook } from './change-ink.ts'
import styles from './marks.module.css'

/** ▲ or ▼ after orientation, filled or hollow; a dot where nothing can be compared. 9 px wide. */
export function ChangeGlyph({ change }: { change: Change }) {
  const look = changeLook(change)
  const paint = look.filled
    ? { fill: 'currentColor', stroke: 'currentColor' }
    : { fill: 'none', stroke: 'currentColor' }
  return (
    <svg width={9} height={9} viewBox="0 0 9 9" aria-hidden strokeWidth={1.1} strokeLinejoin="round">
      {look.direction === null ? <circle cx={4.5} cy={4.5} r={2} fill="currentColor" /> : null}
      {look.direction === 'same' ? <path d="M1 4.5h7" {...paint} /> : null}
      {look.direction === 'gained' ? <path d="M4.5 1 8 7.6H1z" {...paint} /> : null}
      {look.direction === 'lost' ? <path d="M4.5 8 8 1.4H1z" {...paint} /> : null}
    </svg>
  )
}

/** Glyph, then `text` (a name or a number) in the ink that the change deserves. Readers hear the word. */
export function ChangeMark({ change, text }: { change: Change; text: ReactNode }) {
  const look = changeLook(change)
  return (
    <span className={styles.change} data-ink={look.ink}>
      <ChangeGlyph change={change} />
      <span className="visually-hidden">{readingWord(change)}: </span>
      <span>{text}</span>
    </span>
  )
}

/** The reading in words, as the table and screen readers say it. */
export function readingWord(change: Change): string {
  if (change.reading !== 'no_interval') return READING_WORDS[change.reading]
  const { utility } = change
  const word = utility === null || utility === 0 ? 'no change' : utility > 0 ? 'better' : 'worse'
  return `${word}, ${READING_WORDS.no_interval}`
}

/** The budget as a track of 26 × 8 with its tick at 65 %; the bar is the share of the budget that is used. */
export function BudgetGauge({ change }: { change: Change }) {
  const share = budgetShare(change)
  if (share === null) return null
  const over = change.over_budget === 'certain' || change.over_budget === 'estimate'
  const tick = 0.65 * 26
  const end = Math.min(26, share * tick)
  return (
    <svg width={26} height={8} viewBox="0 0 26 8" role="img" aria-label={`${Math.round(share * 100)} % of its budget`}>
      <rect x={0} y={3} width={26} height={2} rx={1} fill="var(--bg-3)" />
      <rect x={0} y={2.5} width={end} height={3} rx={1.5} fill={over ? 'var(--lost-5)' : 'var(--ctl)'} />
      <rect x={tick - 0.75} y={0} width={1.5} height={8} fill="var(--text)" />
    </svg>
  )
}

/** The corner of something over its budget: filled when certain or without an interval, else outlined. */
export function BudgetCorner({ certain, label }: { certain: boolean; label: string }) {
  return (
    <svg className={styles.corner} viewBox="0 0 12 12" role="img" aria-label={label}>
      <path
        d={certain ? 'M0 0H6a6 6 0 0 1 6 6V12z' : 'M1.4 0.6H6A5.4 5.4 0 0 1 11.4 6V10.6z'}
        fill={certain ? 'var(--lost-ink)' : 'var(--bg)'}
        stroke="var(--lost-ink)"
        strokeWidth={certain ? 0 : 1.2}
      />
    </svg>
  )
}
