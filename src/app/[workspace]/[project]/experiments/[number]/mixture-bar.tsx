import { formatPercent } from '#src/core/format/number.ts'
import type { MixtureSource } from '#src/protocol/experiments.ts'
import styles from './stage.module.css'

/** Colours of what a source is there for; the words stand beside the bar. */
const ROLE_COLOURS: Readonly<Record<string, string>> = {
  general: 'var(--st-pretrain)',
  domain: 'var(--st-cpt)',
  instruction: 'var(--st-instruct)',
  task: 'var(--st-task)',
  preference: 'var(--st-pref)',
  replay: 'var(--st-prompt)',
}

/** Shares of the sources as one bar. */
export function MixtureBar({ mixture }: { mixture: readonly MixtureSource[] }) {
  return (
    <span className={styles.mixture} aria-hidden>
      {mixture.map((source) => (
        <i
          key={source.source}
          title={`${source.source}, ${source.role}: ${formatPercent(source.share)}`}
          style={{ width: `${source.share * 100}%`, background: ROLE_COLOURS[source.role] ?? 'var(--ctl)' }}
        />
      ))}
    </span>
  )
}

/** "70 % task, 30 % replay": shares by role, the largest first. */
export function mixtureWords(mixture: readonly MixtureSource[]): string {
  const shares = new Map<string, number>()
  for (const source of mixture) shares.set(source.role, (shares.get(source.role) ?? 0) + source.share)
  return [...shares.entries()]
    .sort((a, b) => b[1] - a[1])
    .map(([role, share]) => `${formatPercent(share)} ${role}`)
    .join(', ')
}
