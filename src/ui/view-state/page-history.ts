'use client'
/** The undo history of the page that is open: one for all the parts of it whose state stands in the address. */
import { NO_HISTORY, recorded, redone, undone, type ViewHistory, type ViewStep, wordsOf } from './view-history.ts'

/** A part of a page that keeps words of the address. */
export interface ViewOwner {
  words: readonly string[]
  /** Sets its words; null: to the default. */
  write: (words: Readonly<Record<string, string | null>>) => Promise<unknown>
  /** The words whose text in this address it cannot read. */
  unreadable: (search: URLSearchParams) => readonly string[]
}

export interface PageHistory {
  history: ViewHistory
  /** What was undone or redone last, in words for a screen reader; empty after a new step. */
  said: string
  owners: readonly ViewOwner[]
}

const NOTHING: PageHistory = { history: NO_HISTORY, said: '', owners: [] }

let page = NOTHING
let pathname: string | null = null
const listeners = new Set<() => void>()

const put = (next: PageHistory) => {
  page = next
  for (const listener of listeners) listener()
}

export const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const readPage = (): PageHistory => page
export const readNoPage = (): PageHistory => NOTHING

/** Adds a part of the page at this path; another path begins a history of its own. Gives the way to leave. */
export function join(owner: ViewOwner, path: string): () => void {
  const isSamePage = pathname === path
  pathname = path
  if (page.owners.length === 0) window.addEventListener('keydown', onKey)
  put({ ...(isSamePage ? page : NOTHING), owners: [...page.owners, owner] })
  return () => {
    put({ ...page, owners: page.owners.filter((other) => other !== owner) })
    if (page.owners.length === 0) window.removeEventListener('keydown', onKey)
  }
}

/** Notes a change of the view, so that it can be undone. */
export const recordStep = (step: ViewStep): void => {
  const history = recorded(page.history, step)
  if (history !== page.history) put({ ...page, history, said: '' })
}

/** Takes the last change of the view back. False when there is none. */
export const undo = (): boolean => walk('before')
/** Does again what was undone last. False when there is none. */
export const redo = (): boolean => walk('after')

function walk(side: 'before' | 'after'): boolean {
  const gone = (side === 'before' ? undone : redone)(page.history)
  if (!gone) return false
  const { step } = gone
  put({ ...page, history: gone.history, said: `${side === 'before' ? 'Undone' : 'Redone'}: ${step.label}` })
  if (step.kind === 'own') (side === 'before' ? step.undo : step.redo)()
  else void writeWords(wordsOf(step, side))
  return true
}

/** Each word goes to one part that keeps it, which tells the others; a word whose part is gone goes into the address. */
async function writeWords(words: Record<string, string | null>): Promise<void> {
  const left = new Map(Object.entries(words))
  const written: Promise<unknown>[] = []
  for (const owner of page.owners) {
    const own = owner.words.filter((word) => left.has(word))
    if (own.length === 0) continue
    written.push(owner.write(Object.fromEntries(own.map((word) => [word, left.get(word) ?? null]))))
    for (const word of own) left.delete(word)
  }
  await Promise.all(written)
  if (left.size > 0) replaceWords(left)
}

/** Changes words of the address in place. */
export function replaceWords(words: ReadonlyMap<string, string | null>): void {
  const url = new URL(window.location.href)
  for (const [word, text] of words) {
    if (text === null) url.searchParams.delete(word)
    else url.searchParams.set(word, text)
  }
  window.history.replaceState(null, '', url)
}

/** Ctrl or Cmd + Z, with Shift the other way; Ctrl + Y too. A text field keeps its own. */
function onKey(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented || isTyping(event.target)) return
  const key = event.key.toLowerCase()
  const isRedo = (key === 'z' && event.shiftKey) || (key === 'y' && event.ctrlKey && !event.shiftKey)
  if (!isRedo && key !== 'z') return
  event.preventDefault()
  if (isRedo) redo()
  else undo()
}

const NO_TEXT = new Set(['button', 'checkbox', 'color', 'file', 'image', 'radio', 'range', 'reset', 'submit'])

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && !NO_TEXT.has(target.type)))
