'use client'
import { useEffect, useState } from 'react'
import type { LineCanvas } from './line-canvas.tsx'

let loaded: typeof LineCanvas | null = null
let loading: Promise<typeof LineCanvas> | null = null

function loadCanvas(): Promise<typeof LineCanvas> {
  loading ??= import('./line-canvas.tsx').then((file) => {
    loaded = file.LineCanvas
    return loaded
  })
  return loading
}

// Half a megabyte that every chart needs: it comes beside the first answer and not after it.
if (typeof window !== 'undefined') loadCanvas().catch(() => {})

/**
 * What draws lines; null until its code is there. As a lazy component it would be held back: React shows what was waited for only
 * 300 ms after what was shown instead.
 *
 * @throws Error while rendering, where the code could not be loaded
 */
export function useCanvas(): typeof LineCanvas | null {
  const [canvas, setCanvas] = useState<{ of: typeof LineCanvas } | null>(loaded && { of: loaded })
  const [error, setError] = useState<Error | null>(null)
  useEffect(() => {
    if (canvas) return
    let isGone = false
    loadCanvas().then(
      (of) => isGone || setCanvas({ of }),
      (why: unknown) => {
        loading = null
        if (!isGone) setError(why instanceof Error ? why : new Error(String(why)))
      },
    )
    return () => {
      isGone = true
    }
  }, [canvas])
  if (error) throw error
  return canvas?.of ?? null
}
