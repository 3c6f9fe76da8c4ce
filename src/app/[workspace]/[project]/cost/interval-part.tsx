'use client'
import { useQueryStates } from 'nuqs'
import { formatExactCount } from '#src/core/format/count.ts'
import type { ProjectCost } from '#src/protocol/cost.ts'
import { timeWords } from '#src/ui/cost/cost-units.ts'
import { NumberInput } from '#src/ui/kit/number-input.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import styles from './cost.module.css'
import { ADDRESS } from './cost-address.ts'
import { intervalWords } from './reckon-words.ts'

/** How often to save, given how long a checkpoint takes and how often attempts were interrupted here. */
export function IntervalPart({ interruptions }: Pick<ProjectCost, 'interruptions'>) {
  const [view, set] = useQueryStates(ADDRESS)
  const { events, hours } = interruptions
  const here = events === 0 ? null : hours / events
  const mtbf = view.mtbf ?? here
  return (
    <Section
      title="How often to save"
      note={
        events === 0
          ? `no attempt was killed, preempted or lost in ${timeWords(hours)} of training`
          : `${formatExactCount(events)} ${events === 1 ? 'attempt was' : 'attempts were'} killed, preempted or lost in ${timeWords(hours)} of training`
      }
    >
      <fieldset className={styles.reckon} aria-label="Interval between checkpoints">
        <span>A checkpoint takes</span>
        <NumberInput
          aria-label="Minutes to write a checkpoint"
          size="xs"
          w={92}
          min={0}
          placeholder="minutes"
          value={view.save ?? ''}
          onChange={(value) => void set({ save: typeof value === 'number' && value > 0 ? value : null })}
        />
        <span>min; hours between interruptions:</span>
        <NumberInput
          aria-label="Hours between interruptions"
          size="xs"
          w={110}
          min={0}
          placeholder={here === null ? 'hours' : `${Number(here.toPrecision(3))} here`}
          value={view.mtbf ?? ''}
          onChange={(value) => void set({ mtbf: typeof value === 'number' && value > 0 ? value : null })}
        />
        <b aria-live="polite">{intervalWords(view.save, mtbf)}</b>
      </fieldset>
      <p className={styles.foot}>
        τ = √(2 · minutes of a checkpoint · mean time between interruptions), which loses least time (Young 1974).
      </p>
    </Section>
  )
}
