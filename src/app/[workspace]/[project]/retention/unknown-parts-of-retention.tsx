'use client'
import { MATRIX_WORDS } from '#src/ui/matrix/view-state.ts'
import { SLOPE_VIEW } from '#src/ui/slope/slope-address.ts'
import { UnknownPartsNotice } from '#src/ui/view-state/unknown-parts-notice.tsx'
import { TRIANGLE_VIEW } from './triangle-address.ts'

/** A link may carry the words of all views: they stay when one is changed for another. */
const WORDS = ['view', ...MATRIX_WORDS, ...Object.keys(SLOPE_VIEW), ...Object.keys(TRIANGLE_VIEW)]

export const UnknownPartsOfRetention = () => <UnknownPartsNotice known={WORDS} />
