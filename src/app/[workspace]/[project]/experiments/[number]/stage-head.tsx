import Link from 'next/link'
import type { ReactNode } from 'react'
import type { StageCard } from '#src/protocol/lineage.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { methodWord, STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { paths } from '#src/ui/paths.ts'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

/** Name, kind, method and state of a stage, then `children`; the way to the decision on it. */
export function StageHead({
  card,
  children,
  workspace,
  project,
  number,
}: StagePlace & { card: StageCard; children?: ReactNode }) {
  const method = methodWord(card.method)
  return (
    <header className={styles.head}>
      <StageIcon kind={card.stage_kind} size={28} />
      <h1 className={styles.name}>{card.name}</h1>
      <span className="ink-2">
        {STAGE_LOOKS[card.stage_kind].word}
        {method ? ` · ${method}` : ''}
      </span>
      <StateWord state={card.state} detail={card.state_detail} />
      {card.state_detail && card.state !== 'finished' ? <span className="ink-3">{card.state_detail}</span> : null}
      {children}
      <Link className={`link ${styles.toDecision}`} href={paths.decision(workspace, project, number)}>
        Was it worth it?
      </Link>
    </header>
  )
}
