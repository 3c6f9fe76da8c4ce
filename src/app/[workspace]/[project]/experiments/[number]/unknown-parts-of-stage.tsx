'use client'
import { LOOK_WORDS } from '#src/ui/charts/chart-look.ts'
import { TABLE_WORDS } from '#src/ui/run-table/table-words.ts'
import { UnknownPartsNotice } from '#src/ui/view-state/unknown-parts-notice.tsx'
import { RULE } from './best-address.ts'

/** What a link to a stage carries, in whichever of its parts. */
const WORDS = ['baseline', ...Object.keys(RULE), ...LOOK_WORDS, ...Object.keys(TABLE_WORDS)]

export const UnknownPartsOfStage = () => <UnknownPartsNotice known={WORDS} />
