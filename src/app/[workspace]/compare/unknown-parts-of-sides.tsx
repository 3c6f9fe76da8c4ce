'use client'
import { CURSOR_WORD } from '#src/ui/charts/cursor-word.ts'
import { UnknownPartsNotice } from '#src/ui/view-state/unknown-parts-notice.tsx'
import { WORDS as CHART_WORDS } from '#src/ui/workspace/workspace-words.ts'

/** What a link to a comparison carries for parts that may be out of sight. */
const WORDS = [...Object.keys(CHART_WORDS), CURSOR_WORD, 'media_step']

export const UnknownPartsOfSides = () => <UnknownPartsNotice known={WORDS} />
