'use client'
import { useCallback, useMemo } from 'react'
import type { Layout, Look, LookOverride } from '#src/core/layouts/layout.ts'
import type { Arrangement } from '#src/core/layouts/layout-text.ts'
import { withYZoom, type YZooms, type Zoom } from '#src/ui/charts/group-state.tsx'
import { useViewState } from '#src/ui/view-state/use-view-state.ts'
import { lookOfWords, WORDS, wordsOfLook } from './workspace-words.ts'

const NO_ZOOMS: YZooms = {}

/** What a workspace of charts shows, as its address says, and how to change it; each change can be undone. */
export function useWorkspace() {
  const [words, set] = useViewState(WORDS)
  const look = useMemo(() => lookOfWords(words), [words])
  const layout = useMemo<Layout>(() => ({ look, ...words.layout }), [look, words.layout])

  const changeLook = useCallback(
    (change: LookOverride) => set((old) => wordsOfLook(change, lookOfWords(old)), { label: 'the look of the charts' }),
    [set],
  )
  const arrange = useCallback(
    (change: (before: Arrangement) => Arrangement, label: string) =>
      set((old) => ({ layout: strippedOfLook(change(old.layout)) }), { label }),
    [set],
  )
  const search = useCallback(
    (text: string) => set({ charts: text === '' ? null : text }, { label: 'the search of charts', gesture: 'charts' }),
    [set],
  )
  const openFull = useCallback(
    (id: string | null, isStep = false) =>
      set({ chart: id }, { label: 'full screen', history: id !== null && !isStep ? 'push' : 'replace' }),
    [set],
  )
  const kept = useMemo(
    () => ({
      zoom: words.zoom,
      setZoom: (zoom: Zoom) => set({ zoom: rounded(zoom) }, { label: 'zoom', gesture: 'zoom' }),
      yZooms: words.zoom_y ?? NO_ZOOMS,
      setYZoom: (chart: string, zoom: Zoom) =>
        set(
          (old) => {
            const next = withYZoom(old.zoom_y ?? NO_ZOOMS, chart, rounded(zoom))
            return { zoom_y: Object.keys(next).length === 0 ? null : next }
          },
          { label: 'zoom', gesture: 'zoom' },
        ),
    }),
    [words.zoom, words.zoom_y, set],
  )
  return { words, look, layout, changeLook, arrange, search, openFull, kept }
}

export type WorkspaceState = ReturnType<typeof useWorkspace>

/** The look is kept in words of its own. */
const strippedOfLook = ({ sections, order }: Arrangement & { look?: Look }): Arrangement => ({
  sections,
  ...(order && { order }),
})

/** Digits that no pixel shows are left out of the address. */
function rounded(zoom: Zoom): Zoom {
  if (!zoom || !(zoom[1] > zoom[0])) return zoom
  const digits = Math.floor(Math.log10((zoom[1] - zoom[0]) / ROUNDED_TO))
  const unit = 10 ** Math.abs(digits)
  const at = (value: number) => (digits < 0 ? Math.round(value * unit) / unit : Math.round(value / unit) * unit)
  return [at(zoom[0]), at(zoom[1])]
}

/** A range keeps its ends to this part of itself. */
const ROUNDED_TO = 5_000
