'use client'
import { later } from '#src/ui/kit/later.tsx'

/** The notice about words of a link that a page ignores; links are rarely broken, so its code comes behind the page. */
export const UnknownParts = later(() => import('./unknown-parts-notice.tsx').then((file) => file.UnknownPartsNotice))
