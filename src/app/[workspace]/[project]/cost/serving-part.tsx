'use client'
import { TextInput } from '@mantine/core'
import { useQueryStates } from 'nuqs'
import { formatMoney } from '#src/core/format/money.ts'
import type { StageCost } from '#src/protocol/cost.ts'
import type { CostTotal } from '#src/protocol/cost-parts.ts'
import styles from './cost.module.css'
import { ADDRESS } from './cost-address.ts'
import { breakEvenWords } from './reckon-words.ts'

/** From how many served tokens on a stage has earned back what its lineage cost, and what a trained token cost: two prices of a token. */
export function ServingPart({ name, total, stage }: { name: string; total: CostTotal; stage: StageCost | undefined }) {
  const [view, set] = useQueryStates(ADDRESS)
  const trained = (stage?.per_million_tokens ?? []).map((amount) => formatMoney(amount)).join(' + ')
  const field = (key: 'before' | 'now', label: string, placeholder: string) => (
    <TextInput
      aria-label={label}
      size="xs"
      w={92}
      inputMode="decimal"
      placeholder={placeholder}
      value={view[key] ?? ''}
      onChange={(event) => void set({ [key]: event.currentTarget.value || null })}
    />
  )
  return (
    <>
      <fieldset className={styles.reckon} aria-label="Break-even of serving">
        <span>A million served tokens cost</span>
        {field('before', 'Price of a million tokens before', 'before')}
        <span>before and</span>
        {field('now', 'Price of a million tokens with this model', 'now')}
        <span>
          with {name}: <b aria-live="polite">{breakEvenWords(total, view.before, view.now)}</b>
        </span>
      </fieldset>
      {trained ? (
        <p className={styles.foot}>
          Training it cost {trained} per million trained tokens; that is another price than that of a served token.
        </p>
      ) : null}
    </>
  )
}
