'use client'
import { UnstyledButton } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { CircleHelp, Search, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { completeAt } from '#src/core/search/complete-at.ts'
import { type ReadSearch, readSearch } from '#src/core/search/parse-search.ts'
import { Popover } from '#src/ui/kit/popover.tsx'
import { GrammarHelp } from './grammar-help.tsx'
import styles from './search.module.css'
import { SearchLine } from './search-line.tsx'
import { SuggestionList } from './suggestion-list.tsx'
import { withSuggestion } from './suggestions.ts'
import { useFocusKey } from './use-focus-key.ts'
import { useSuggestions } from './use-suggestions.ts'

/** How the text in the field stands to the search that is applied. */
export type Draft = 'applied' | 'unfinished' | 'wrong'

const APPLY_AFTER_MS = 400
/** Longer while the list completes a word: `los` on the way to `metrics.loss` is a search too, and hardly the one that is meant. */
const APPLY_WORD_AFTER_MS = 1_500

/**
 * The search of a list of runs: one line of the grammar with its parts in colour, what may come next below it, and what is wrong at
 * its right end. `q` is the search that is applied; `onQ` gets only searches that can be read: on Enter, on leaving the field, and
 * some time after the last key. Until then the list of runs keeps the last one, and `onDraft` says so. `/` goes into the field.
 */
export function SearchField(props: {
  place: { workspace: string; project: string }
  q: string
  onQ: (q: string) => void
  onDraft?: (draft: Draft) => void
  /** Of what; read out as the field's name. */
  label?: string
}) {
  const { place, q, onQ, onDraft, label = 'Search runs' } = props
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const line = useRef<HTMLDivElement>(null)
  /** What was given on and has not come back as `q` yet: more may be typed meanwhile. */
  const sent = useRef<string[]>([])
  const nextCaret = useRef<number | null>(null)
  const [text, setText] = useState(q)
  const [caret, setCaret] = useState(q.length)
  const [isOpen, setOpen] = useState(false)
  const [isInside, setInside] = useState(false)
  const [chosen, setChosen] = useState<number | null>(null)
  useFocusKey('/', input)

  // Undo, a click on a value and another page of history change the search from outside.
  useEffect(() => {
    if (sent.current.at(-1) === q) sent.current = []
    else if (!sent.current.includes(q) || document.activeElement !== input.current) {
      sent.current = []
      setText(q)
    }
  }, [q])

  const read = useMemo(() => readSearch(text), [text])
  const completion = useMemo(() => (isOpen ? completeAt(text, caret) : null), [isOpen, text, caret])
  const { suggestions, caption } = useSuggestions(place, completion)
  const active = chosen === null ? (completion?.typed ? 0 : null) : Math.min(chosen, suggestions.length - 1)
  const current = active === null ? undefined : suggestions[active]

  const draft = draftOf(text, q, read.answer, isInside)
  useEffect(() => onDraft?.(draft), [draft, onDraft])

  const apply = (next: string) => {
    later.cancel()
    muchLater.cancel()
    const trimmed = next.trim()
    if (readSearch(trimmed).answer.kind === 'error' || trimmed === (sent.current.at(-1) ?? q)) return
    sent.current.push(trimmed)
    onQ(trimmed)
  }
  const completesWord = completion?.want === 'part' && completion.typed !== '' && suggestions.some(({ entry }) => entry)
  const later = useDebouncedCallback((next: string) => {
    if (!completesWord) apply(next)
  }, APPLY_AFTER_MS)
  const muchLater = useDebouncedCallback(apply, APPLY_WORD_AFTER_MS)

  const type = (next: string, at: number) => {
    setText(next)
    setCaret(at)
    setChosen(null)
    later(next)
    muchLater(next)
  }
  const choose = (insert: string) => {
    if (!completion) return
    const next = withSuggestion(text, completion, insert)
    nextCaret.current = next.caret
    type(next.text, next.caret)
    setOpen(true)
    input.current?.focus()
  }
  // After a choice the caret stands behind what was written; the browser would put it at the end.
  useLayoutEffect(() => {
    if (nextCaret.current !== null) input.current?.setSelectionRange(nextCaret.current, nextCaret.current)
    nextCaret.current = null
    scrollLine()
  })
  const scrollLine = () => {
    if (line.current && input.current) line.current.scrollLeft = input.current.scrollLeft
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const last = suggestions.length - 1
    if (event.key === 'ArrowDown' && !isOpen) setOpen(true)
    else if (event.key === 'ArrowDown' && last >= 0) setChosen(active === null || active >= last ? 0 : active + 1)
    else if (event.key === 'ArrowUp' && isOpen && last >= 0)
      setChosen(active === null || active <= 0 ? last : active - 1)
    else if (event.key === 'Tab' && !event.shiftKey && isOpen && current) choose(current.insert)
    else if (event.key === 'Enter' && isOpen && chosen !== null && current) choose(current.insert)
    else if (event.key === 'Enter') {
      apply(text)
      setOpen(false)
    } else if (event.key === 'Escape' && isOpen) {
      setOpen(false)
      event.stopPropagation()
    } else return
    event.preventDefault()
  }

  const isShown = isOpen && suggestions.length > 0
  const error = read.answer.kind === 'error' ? read.answer : null
  return (
    <Popover
      opened={isShown}
      position="bottom-start"
      width="min(480px, calc(100vw - 24px))"
      offset={4}
      shadow="md"
      trapFocus={false}
      returnFocus={false}
    >
      <Popover.Target>
        <search className={styles.field} data-draft={draft}>
          <Search className={styles.icon} size={16} strokeWidth={1.75} aria-hidden />
          <div className={styles.lineBox}>
            <div ref={line} className={styles.line} aria-hidden>
              <SearchLine text={text} read={read} isWrong={draft === 'wrong'} />
            </div>
            <input
              ref={input}
              className={styles.input}
              type="text"
              role="combobox"
              aria-label={label}
              aria-autocomplete="list"
              aria-expanded={isShown}
              aria-controls={isShown ? `${id}-list` : undefined}
              aria-activedescendant={isShown && current ? `${id}-${active}` : undefined}
              aria-invalid={draft === 'wrong' || undefined}
              aria-describedby={`${id}-expects`}
              aria-keyshortcuts="/"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              placeholder="state = running and config.lr >= 1e-4"
              value={text}
              onChange={({ currentTarget: { value, selectionStart } }) => {
                type(value, selectionStart ?? value.length)
                setOpen(true)
              }}
              onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart ?? text.length)}
              onScroll={scrollLine}
              onFocus={() => setInside(true)}
              onKeyDown={onKeyDown}
              onBlur={() => {
                setInside(false)
                setOpen(false)
                apply(text)
              }}
            />
          </div>
          <span
            id={`${id}-expects`}
            className={styles.expects}
            role="status"
            title={error ? `Expected ${error.expected}` : undefined}
          >
            {error ? `expects ${shortly(error.expected)}` : ''}
          </span>
          {text === '' ? null : (
            <UnstyledButton
              className={styles.clear}
              aria-label="Clear the search"
              onClick={() => {
                type('', 0)
                apply('')
                input.current?.focus()
              }}
            >
              <X size={14} strokeWidth={1.75} aria-hidden />
            </UnstyledButton>
          )}
          <GrammarHelp
            button={
              <UnstyledButton className={styles.clear} aria-label="How to write a search">
                <CircleHelp size={14} strokeWidth={1.75} aria-hidden />
              </UnstyledButton>
            }
          />
        </search>
      </Popover.Target>
      <Popover.Dropdown className={styles.drop} onMouseDown={(event) => event.preventDefault()}>
        <SuggestionList
          id={id}
          suggestions={suggestions}
          active={active}
          typed={completion?.typed ?? ''}
          caption={caption}
          error={error?.expected ?? null}
          onChoose={choose}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

/** While somebody types, what is wrong up to the end of the text is not finished; what stands before something else is wrong. */
function draftOf(text: string, q: string, answer: ReadSearch['answer'], isInside: boolean): Draft {
  if (answer.kind === 'error') return isInside && answer.to >= text.trimEnd().length ? 'unfinished' : 'wrong'
  return text.trim() === q ? 'applied' : 'unfinished'
}

/** The list of what fits stays in the list below and in the title. */
const shortly = (expected: string): string => expected.split(/: |; /)[0] ?? expected
