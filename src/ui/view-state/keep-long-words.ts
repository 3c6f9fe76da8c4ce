'use client'
import { useMutation, useQueries } from '@tanstack/react-query'
import { useParams, useSearchParams } from 'next/navigation'
import { useEffect, useMemo, useRef } from 'react'
import { showNotice } from '#src/ui/kit/notices.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import { keyOfWord, learnText, textOfWord } from './long-words.ts'

/** A view that rests this long is kept, ms: the steps of a drag are not. */
const KEEP_AFTER_MS = 400

/** Keys that the server has, of this tab. */
const kept = new Set<string>()

/**
 * Keeps what short words of the address stand for, and fetches what this tab does not know; `onLearned` is then told the words and their
 * texts. Only below a project, whose readers may open them.
 */
export function useLongWords(words: readonly string[], onLearned: (texts: Record<string, string>) => void): void {
  const trpc = useTRPC()
  const params = useParams<{ workspace?: string; project?: string }>()
  const workspace = decoded(params.workspace)
  const project = decoded(params.project)
  const search = useSearchParams()
  const short = useMemo(
    () =>
      words.flatMap((word) => {
        const text = search.get(word)
        const key = text === null ? null : keyOfWord(text)
        return text === null || key === null ? [] : [{ word, key, text: textOfWord(text) }]
      }),
    [words, search],
  )
  const isPlaced = workspace !== '' && project !== ''
  useLearned(short, { workspace, project, enabled: isPlaced }, onLearned)

  const { mutate: save } = useMutation(trpc.views.save.mutationOptions())
  useEffect(() => {
    if (!isPlaced) return
    const keep = () => {
      for (const { word, key, text } of short) {
        if (text === null || kept.has(key)) continue
        kept.add(key)
        const state = new URLSearchParams({ [word]: text }).toString()
        save(
          { workspace, project, page: 'part', audience: 'link', key, state },
          {
            onError: (error) => {
              kept.delete(key)
              showNotice({
                color: 'red',
                message: `The address of this view cannot be sent to others yet: ${readFailure(error).sentence}`,
              })
            },
          },
        )
      }
    }
    const timer = setTimeout(keep, KEEP_AFTER_MS)
    // Who leaves at once leaves a link that works.
    window.addEventListener('pagehide', keep)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pagehide', keep)
    }
  }, [short, isPlaced, save, workspace, project])
}

interface Short {
  word: string
  key: string
  /** Null: not known to this tab. */
  text: string | null
}

function useLearned(
  short: readonly Short[],
  place: { workspace: string; project: string; enabled: boolean },
  onLearned: (texts: Record<string, string>) => void,
): void {
  const trpc = useTRPC()
  const { workspace, project, enabled } = place
  const unknown = short.filter(({ text }) => text === null)
  const found = useQueries({
    queries: unknown.map(({ key }) => ({
      ...trpc.views.get.queryOptions({ workspace, project, view: key }, { staleTime: Number.POSITIVE_INFINITY }),
      enabled,
    })),
    combine: (answers) => answers.map(({ data }) => data),
  })
  const tell = useRef(onLearned)
  tell.current = onLearned
  // The list of what is unknown is made anew with the address only: each word is told once.
  const told = useRef(new Set<string>())
  useEffect(() => {
    const texts: Record<string, string> = {}
    for (const [i, { word, key }] of unknown.entries()) {
      const text = new URLSearchParams(found[i]?.state ?? '').get(word)
      if (text === null || found[i]?.key !== key || told.current.has(`${word} ${key}`)) continue
      told.current.add(`${word} ${key}`)
      learnText(key, text)
      kept.add(key)
      texts[word] = text
    }
    if (Object.keys(texts).length > 0) tell.current(texts)
  }, [unknown, found])
}

const decoded = (part: string | undefined): string => (typeof part === 'string' ? decodeURIComponent(part) : '')
