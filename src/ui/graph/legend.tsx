import type { ReactNode } from 'react'
import type { TermKey } from '#src/core/glossary/terms.ts'
import { Term } from '#src/ui/glossary/term.tsx'
import styles from './graph.module.css'

const LINE = { fill: 'none', stroke: 'var(--ctl)', strokeWidth: 1.25 }

/** What lines and marks mean; drawn as they are drawn, so it reads without colour. */
export function Legend({ corner }: { corner: boolean }) {
  return (
    <ul className={styles.legend} data-corner={corner || undefined} aria-label="Legend">
      <Item words="continues weights">
        <path d="M0 6h26" {...LINE} />
      </Item>
      <Item words="adapter">
        <path d="M0 6h26" {...LINE} />
        <rect x={9} y={2} width={8} height={8} fill="var(--bg)" stroke="var(--ctl)" strokeWidth={1.25} />
      </Item>
      <Item words="reference or helper model">
        <path d="M0 6h26" {...LINE} strokeDasharray="1.25 3" />
      </Item>
      <Item words="checkpoint, step" term="checkpoint">
        <circle cx={13} cy={6} r={3} fill="var(--bg)" stroke="var(--ctl)" strokeWidth={1.25} />
      </Item>
      <Item words="against the parent" term="baseline">
        <path d="M4 2 8 9.5H0z" fill="var(--gain-ink)" />
        <path d="M20 9.5 24 2h-8z" fill="var(--text-2)" />
      </Item>
      <Item words="interval includes 0" term="no_difference_found">
        <path d="M4 2.5 7.5 9.5H.5z" fill="none" stroke="var(--text-2)" />
        <path d="M20 9.5 23.5 2.5h-7z" fill="none" stroke="var(--text-2)" />
      </Item>
      <Item words="planned">
        <path d="M0 6h26" {...LINE} strokeDasharray="5 4" />
      </Item>
      <Item words="loss against its budget" term="budget">
        <path d="M0 6h26" stroke="var(--bg-3)" strokeWidth={2} />
        <path d="M0 6h10" stroke="var(--ctl)" strokeWidth={3} />
        <path d="M17 2v8" stroke="var(--text)" strokeWidth={1.5} />
      </Item>
      <Item words="over budget">
        <path d="M8 1h10v10z" fill="var(--lost-ink)" />
      </Item>
    </ul>
  )
}

const Item = ({ words, term, children }: { words: string; term?: TermKey; children: ReactNode }) => (
  <li className={styles.legendItem}>
    <svg width={26} height={12} viewBox="0 0 26 12" aria-hidden>
      {children}
    </svg>
    {term ? <Term of={term}>{words}</Term> : words}
  </li>
)
