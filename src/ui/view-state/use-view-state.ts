'use client'
/** The state of a page in its address, each change of which can be undone. */
import { usePathname } from 'next/navigation'
import { type Options, throttle, type UseQueryStatesKeysMap, useQueryStates, type Values } from 'nuqs'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useLongWords } from './keep-long-words.ts'
import { keyOfWord, overShortWords, textOfWord } from './long-words.ts'
import { join, recordStep, replaceWords } from './page-history.ts'

type Change<M extends UseQueryStatesKeysMap> = { [K in keyof Values<M>]?: Values<M>[K] | null }

export interface ViewChangeOptions {
  /** What was done, as the end of "Undone: …": "sort by loss". */
  label?: string
  /** A name for the movement that this is part of; steps of one movement (a drag, typing) are one step of undo. */
  gesture?: string
  /** `push`: another view, which the browser's Back leaves (an opened item, a saved view). Default `replace`. */
  history?: 'push' | 'replace'
}

export type SetViewState<M extends UseQueryStatesKeysMap> = (
  change: Change<M> | ((old: Values<M>) => Change<M> | null) | null,
  options?: ViewChangeOptions,
) => void

/** How often a movement writes the address, ms: browsers refuse more than 100 writes in 30 s. */
const GESTURE_WRITE_MS = 300

/**
 * nuqs' `useQueryStates` with an undo history that all parts of a page share (Ctrl or Cmd + Z, with Shift redo).
 * `parsers`: a constant of the module; single parsers, not `parseAsNativeArrayOf`. Values at their default are left out
 * of the address; a word that is too long for one stands there as a short name, and the server keeps its text. `formerly`: words of earlier releases and their present name; a link with them keeps working.
 *
 * Gives the values and a setter: a part of them, a function of the old ones, or null for all defaults.
 */
export function useViewState<M extends UseQueryStatesKeysMap>(
  parsers: M,
  { formerly }: { formerly?: Readonly<Record<string, string>> } = {},
): readonly [Values<M>, SetViewState<M>] {
  const [values, setQuery] = useQueryStates(overShortWords(parsers))
  const pathname = usePathname()
  const write = useRef(setQuery)
  write.current = setQuery
  const words = useMemo(() => Object.keys(parsers), [parsers])
  useLongWords(words, (texts) => {
    void setQuery(readTexts(parsers, texts) as Partial<Values<M>>, { history: 'replace' })
  })

  useEffect(
    () =>
      join(
        {
          words: [...Object.keys(parsers), ...Object.keys(formerly ?? {})],
          write: (texts) => write.current(readTexts(parsers, texts) as Partial<Values<M>>, { history: 'replace' }),
          unreadable: (search) => unreadableWords(parsers, search),
        },
        pathname,
      ),
    [parsers, formerly, pathname],
  )
  useEffect(() => {
    if (formerly) renameWords(formerly)
  }, [formerly])

  const set = useCallback<SetViewState<M>>(
    (change, options = {}) => {
      const { label = 'the last change of the view', gesture = null, history = 'replace' } = options
      const limit: Options = gesture === null ? {} : { limitUrlUpdates: throttle(GESTURE_WRITE_MS) }
      // The updater runs once and at once, with the values that the last call left, drawn or not.
      void setQuery(
        (old) => {
          const next = (typeof change === 'function' ? change(old) : change) ?? allDefaults(parsers)
          recordStep({ kind: 'query', label, words: wordChanges(parsers, old, next), gesture, at: Date.now() })
          return next as Partial<Values<M>>
        },
        { history, ...limit },
      )
    },
    [parsers, setQuery],
  )
  return [values, set]
}

/** The text of a value in an address; null for the default, which is left out. */
function wordText(parser: UseQueryStatesKeysMap[string], value: unknown): string | null {
  if (value === null || value === undefined) return null
  const fallback: unknown = parser.defaultValue
  if (fallback !== undefined && (parser.eq?.(value, fallback) ?? value === fallback)) return null
  return parser.serialize ? String(parser.serialize(value)) : String(value)
}

function wordChanges(parsers: UseQueryStatesKeysMap, old: Record<string, unknown>, next: Record<string, unknown>) {
  return Object.fromEntries(
    Object.keys(next).flatMap((word) => {
      const parser = parsers[word]
      if (!parser || next[word] === undefined) return []
      return [[word, { before: wordText(parser, old[word]), after: wordText(parser, next[word]) }]]
    }),
  )
}

const allDefaults = (parsers: UseQueryStatesKeysMap): Record<string, null> =>
  Object.fromEntries(Object.keys(parsers).map((word) => [word, null]))

function readTexts(parsers: UseQueryStatesKeysMap, texts: Readonly<Record<string, string | null>>) {
  return Object.fromEntries(
    Object.entries(texts).map(([word, text]) => [word, text === null ? null : readText(parsers[word], text)]),
  )
}

function readText(parser: UseQueryStatesKeysMap[string] | undefined, text: string): unknown {
  try {
    return (parser?.parse as ((text: string) => unknown) | undefined)?.(text) ?? null
  } catch {
    return null
  }
}

const unreadableWords = (parsers: UseQueryStatesKeysMap, search: URLSearchParams): string[] =>
  Object.keys(parsers).filter((word) => {
    const text = search.get(word)
    if (text === null) return false
    const whole = textOfWord(text)
    // What a short word stands for may be on its way.
    return whole === null ? keyOfWord(text) === null : readText(parsers[word], whole) === null
  })

function renameWords(formerly: Readonly<Record<string, string>>): void {
  const search = new URLSearchParams(window.location.search)
  const changes = new Map<string, string | null>()
  for (const [old, present] of Object.entries(formerly)) {
    const text = search.get(old)
    if (text === null) continue
    changes.set(old, null)
    if (!search.has(present)) changes.set(present, text)
  }
  if (changes.size > 0) replaceWords(changes)
}
