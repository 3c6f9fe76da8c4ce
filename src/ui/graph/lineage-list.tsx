'use client'
import Link from 'next/link'
import type { CSSProperties } from 'react'
import type { Lineage, StageCard } from '#src/protocol/lineage.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'
import { ChangeMark } from '#src/ui/marks/change-mark.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { changeWords, consumedWords, deviceHoursWords, kindLine, wallWords } from './card-words.ts'
import styles from './lineage-list.module.css'
import { innerEdges } from './lineage-path.ts'
import { treeOrder } from './tree-order.ts'

/** The lineage on a phone: one line down through the path, siblings hanging off it. */
export function LineageList(props: { lineage: Lineage; path: readonly number[]; hrefOf: (card: StageCard) => string }) {
  const cards = new Map(props.lineage.cards.map((card) => [card.number, card]))
  const rows = treeOrder([...cards.keys()], innerEdges(props.lineage), props.path)
  const first = rows.findIndex((row) => row.number === props.path[0])
  const last = rows.findIndex((row) => row.number === props.path.at(-1))
  return (
    <ul className={styles.list} aria-label={`Stages of ${props.lineage.project.name}`}>
      {rows.map(({ number, level }, i) => {
        const card = cards.get(number)
        if (!card) return null
        const href = props.hrefOf(card)
        const none = i < first || i > last
        const depth = Math.max(0, level - 1 - pathLevel(rows, props.path, i))
        return props.path.includes(number) ? (
          <PathRow key={number} card={card} href={href} first={i === first} last={i === last} />
        ) : (
          <BranchRow key={number} card={card} href={href} depth={depth} none={none} />
        )
      })}
    </ul>
  )
}

/** Level of the nearest stage of the path above row `i`. */
function pathLevel(rows: readonly { number: number; level: number }[], path: readonly number[], i: number): number {
  for (let at = i; at >= 0; at -= 1) {
    const row = rows[at]
    if (row && path.includes(row.number)) return row.level
  }
  return 0
}

function PathRow({ card, href, first, last }: { card: StageCard; href: string; first: boolean; last: boolean }) {
  const facts = [consumedWords(card), wallWords(card), deviceHoursWords(card)].filter((words) => words !== null)
  return (
    <li className={styles.row} data-first={first || undefined} data-last={last || undefined}>
      <span className={styles.icon}>
        <StageIcon kind={card.stage_kind} size={24} />
      </span>
      <span className={styles.head}>
        <Link className={styles.name} href={href} prefetch={false}>
          {card.name}
        </Link>
        <span className={styles.kind}>{kindLine(card)}</span>
      </span>
      <span />
      <span className={styles.changes}>
        {card.target ? (
          <ChangeMark change={card.target} text={`${card.target.benchmark.name} ${changeWords(card.target)}`} />
        ) : null}
        {card.worst ? (
          <ChangeMark change={card.worst} text={`${card.worst.benchmark.name} ${changeWords(card.worst)}`} />
        ) : null}
        {!card.target && !card.worst
          ? card.scores.slice(0, 2).map((score) => (
              <span key={score.id}>
                {score.benchmark.name} <b>{scoreWords(score.score, score.benchmark)}</b>
              </span>
            ))
          : null}
      </span>
      <span className={styles.facts}>
        {facts.map((words) => (
          <span key={words}>{words}</span>
        ))}
      </span>
      <span className={styles.state}>
        <StateWord state={card.state} detail={card.state_detail} />
      </span>
    </li>
  )
}

function BranchRow({ card, href, depth, none }: { card: StageCard; href: string; depth: number; none: boolean }) {
  const style = { '--depth': depth } as CSSProperties
  return (
    <li className={styles.branch} style={style} data-none={none || undefined}>
      <StageIcon kind={card.stage_kind} />
      <Link className={styles.branchName} href={href} prefetch={false}>
        {card.name}
      </Link>
      {card.target ? <ChangeMark change={card.target} text={changeWords(card.target)} /> : null}
      {card.worst ? (
        <ChangeMark change={card.worst} text={`${card.worst.benchmark.name} ${changeWords(card.worst)}`} />
      ) : null}
      {!card.target && !card.worst ? <StateWord state={card.state} detail={card.state_detail} /> : null}
    </li>
  )
}
