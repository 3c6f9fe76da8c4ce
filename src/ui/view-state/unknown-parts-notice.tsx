'use client'
import { Button } from '@mantine/core'
import { useSearchParams } from 'next/navigation'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { VIEW_WORD } from '#src/core/views/views.ts'
import { Notice } from '#src/ui/kit/problem.tsx'
import { readNoPage, readPage, replaceWords, subscribe } from './page-history.ts'

/** Parts of a page may arrive later than the page: before this nothing is called unknown, ms. */
const SETTLED_MS = 1_500

/**
 * Says which words of the address this page does not know or cannot read, and so ignores; nothing while there are none.
 * `known`: words of parts that do not use `useViewState`.
 */
export function UnknownPartsNotice({ known = NONE }: { known?: readonly string[] }) {
  const { owners } = useSyncExternalStore(subscribe, readPage, readNoPage)
  const search = useSearchParams()
  const [isSettled, setSettled] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [])
  if (!isSettled) return null

  const words = new Set([VIEW_WORD, ...known, ...owners.flatMap((owner) => owner.words)])
  const present = new URLSearchParams(search)
  const unknown = [...new Set(present.keys())].filter((word) => !words.has(word))
  const unreadable = [...new Set(owners.flatMap((owner) => owner.unreadable(present)))]
  const ignored = [...unknown, ...unreadable]
  if (ignored.length === 0) return null
  return (
    <Notice
      tone="warning"
      title={ignored.length === 1 ? 'A part of this link was ignored' : 'Parts of this link were ignored'}
    >
      {unknown.length > 0 ? <p>This page knows no {listed(unknown.map((word) => word))}.</p> : null}
      {unreadable.length > 0 ? (
        <p>It cannot read {listed(unreadable.map((word) => `${word}=${present.get(word)}`))}.</p>
      ) : null}
      <p>The rest is shown as the link says.</p>
      <Button mt={8} onClick={() => replaceWords(new Map(ignored.map((word) => [word, null])))}>
        Remove from the address
      </Button>
    </Notice>
  )
}

const NONE: readonly string[] = []
const TEXT_CHARACTERS_MAX = 40

const listed = (texts: readonly string[]): string =>
  texts
    .map((text) => `“${text.length > TEXT_CHARACTERS_MAX ? `${text.slice(0, TEXT_CHARACTERS_MAX)}…` : text}”`)
    .join(texts.length > 2 ? ', ' : ' and ')
