import type { StageCard } from '#src/protocol/lineage.ts'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { methodWord, STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import styles from './stage.module.css'

/** Name, kind, method and state of a stage. */
export function StageHead({ card }: { card: StageCard }) {
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
    </header>
  )
}
