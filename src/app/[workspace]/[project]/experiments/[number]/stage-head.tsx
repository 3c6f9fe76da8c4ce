import Link from 'next/link'
import type { ReactNode } from 'react'
import { entryText } from '#src/core/comparisons/entries.ts'
import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import type { StageCard, StagePage } from '#src/protocol/lineage.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { methodWord, STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { paths } from '#src/ui/paths.ts'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

/** Name, kind, method and state of a stage, then `children`; the ways to the comparison with its parent and to the decision on it. */
export function StageHead({
  card,
  children,
  workspace,
  project,
  number,
  page,
}: StagePlace & { card: StageCard; page: StagePage; children?: ReactNode }) {
  const parent = page.parents.find((edge) => isWeightEdge(edge.kind))?.parent
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
      {parent === undefined ? null : (
        <Link
          className={`link ${styles.toCompare}`}
          href={paths.newComparison(workspace, entryText({ kind: 'stage', project, stage: String(number) }), {
            withParent: true,
          })}
        >
          Compare with parent
        </Link>
      )}
      <Link className={`link ${styles.toDecision}`} href={paths.decision(workspace, project, number)}>
        Was it worth it?
      </Link>
    </header>
  )
}
