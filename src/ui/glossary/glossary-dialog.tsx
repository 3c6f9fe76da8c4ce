'use client'
import { TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { TERMS, type TermKey, termsInOrder } from '#src/core/glossary/terms.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import styles from './glossary.module.css'

/** All words of the product; `asked`: null while it is closed, with the word that it opens at. */
export function GlossaryDialog(props: {
  asked: { at: TermKey | null } | null
  onTerm: (at: TermKey) => void
  onClose: () => void
}) {
  const { asked, onTerm, onClose } = props
  return (
    <Modal opened={asked !== null} onClose={onClose} title="Glossary" size={640}>
      {asked ? <Words at={asked.at} onTerm={onTerm} /> : null}
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
