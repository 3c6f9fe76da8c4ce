'use client'
import { TABLE_WORDS } from '#src/ui/run-table/table-view.ts'
import { UnknownPartsNotice } from '#src/ui/view-state/unknown-parts-notice.tsx'
import { RULE_WORDS } from './stage-best.tsx'

/** What a link to a stage carries, in whichever of its parts. */
const WORDS = ['baseline', ...RULE_WORDS, ...Object.keys(TABLE_WORDS)]

export const UnknownPartsOfStage = () => <UnknownPartsNotice known={WORDS} />
