'use client'
import { Modal, TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { TERMS, type TermKey, termsInOrder } from '#src/core/glossary/terms.ts'
import styles from './glossary.module.css'
import { GLOSSARY_ASKED } from './open-glossary.ts'

/** All words of the product; the account's menu and every explained word open it. */
export function Glossary() {
  const [asked, setAsked] = useState<{ at: TermKey | null } | null>(null)
  useEffect(() => {
    const open = (event: Event) => setAsked({ at: (event as CustomEvent<TermKey | null>).detail })
    window.addEventListener(GLOSSARY_ASKED, open)
    return () => window.removeEventListener(GLOSSARY_ASKED, open)
  }, [])
  return (
    <Modal opened={asked !== null} onClose={() => setAsked(null)} title="Glossary" size={640}>
      {asked ? <Words at={asked.at} onTerm={(at) => setAsked({ at })} /> : null}
    </Modal>
  )
}

function Words({ at, onTerm }: { at: TermKey | null; onTerm: (at: TermKey) => void }) {
  const [filter, setFilter] = useState('')
  const list = useRef<HTMLDListElement>(null)
  const asked = filter.trim().toLowerCase()
  const shown = termsInOrder().filter(
    ([, { word, means }]) => word.toLowerCase().includes(asked) || means.toLowerCase().includes(asked),
  )
  useEffect(() => {
    if (at !== null) list.current?.querySelector(`[data-term="${at}"]`)?.scrollIntoView({ block: 'start' })
  }, [at])
  return (
    <>
      <TextInput
        aria-label="Search the glossary"
        placeholder="Search"
        data-autofocus={at === null || undefined}
        leftSection={<Search size={14} strokeWidth={1.75} aria-hidden />}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      {shown.length === 0 ? <p className={styles.none}>No word with "{filter.trim()}"</p> : null}
      <dl ref={list} className={styles.list}>
        {shown.map(([key, { word, means, see = [] }]) => (
          <div key={key} className={styles.entry} data-term={key} data-asked={key === at || undefined}>
            <dt>{word}</dt>
            <dd>
              {means}
              {see.length === 0 ? null : (
                <span className={styles.see}>
                  See{' '}
                  {(see as readonly TermKey[]).map((other, i) => (
                    <span key={other}>
                      {i > 0 ? ', ' : ''}
                      <button
                        type="button"
                        className="link"
                        onClick={() => {
                          setFilter('')
                          onTerm(other)
                        }}
                      >
                        {TERMS[other].word}
                      </button>
                    </span>
                  ))}
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
