'use client'
/** The state of a page as a saved view holds it, read from the address and put there. */
import { VIEW_WORD, viewState } from '#src/core/views/views.ts'
import { recordStep } from '#src/ui/view-state/page-history.ts'

/** What the address shows now: its state, and the saved view that it began as. */
export interface ShownView {
  state: string
  view: string | null
}

export const readShown = (search: string): ShownView => ({
  state: viewState(search),
  view: new URLSearchParams(search).get(VIEW_WORD),
})

/** The address of a shown view below the page's path. */
export function shownSearch({ state, view }: ShownView): string {
  const words = new URLSearchParams(state)
  if (view !== null) words.set(VIEW_WORD, view)
  const text = words.toString()
  return text === '' ? '' : `?${text}`
}

/** Shows another view on this page; Back returns from it (`push`), or it takes the place of the present one (`replace`). */
export function show(next: ShownView, history: 'push' | 'replace'): void {
  const url = `${window.location.pathname}${shownSearch(next)}${window.location.hash}`
  if (history === 'push') window.history.pushState(null, '', url)
  else window.history.replaceState(null, '', url)
}

/** The same as a step that can be undone. */
export function showAsStep(next: ShownView, label: string, history: 'push' | 'replace'): void {
  const before = readShown(window.location.search)
  show(next, history)
  recordStep({
    kind: 'own',
    label,
    undo: () => show(before, 'replace'),
    redo: () => show(next, 'replace'),
    at: Date.now(),
  })
}
