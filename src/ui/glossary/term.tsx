'use client'
import { type ReactNode, useState } from 'react'
import { TERMS, type TermKey, type Term as Told } from '#src/core/glossary/terms.ts'
import { Popover } from '#src/ui/kit/popover.tsx'
import styles from './glossary.module.css'
import { openGlossary } from './open-glossary.ts'

/** A word that tells what it means when it is pressed. Not inside of a link or a button. */
export function Term({ of, children }: { of: TermKey; children?: ReactNode }) {
  const [opened, setOpened] = useState(false)
  const term: Told = TERMS[of]
  return (
    <Popover opened={opened} onChange={setOpened} width={320} position="bottom-start" returnFocus>
      <Popover.Target>
        <button type="button" className={styles.term} aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {children ?? term.word}
          <span className="visually-hidden">, what it means</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={styles.word}>{term.word}</p>
        <p className={styles.means}>{term.means}</p>
        <button
          type="button"
          className={`link ${styles.more}`}
          onClick={() => {
            setOpened(false)
            openGlossary(of)
          }}
        >
          Glossary
        </button>
      </Popover.Dropdown>
    </Popover>
  )
}
