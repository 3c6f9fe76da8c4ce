'use client'
import { LOOK_WORDS } from '#src/ui/charts/chart-look.ts'
import { CURSOR_WORD } from '#src/ui/charts/cursor-word.ts'
import { UnknownPartsNotice } from '#src/ui/view-state/unknown-parts-notice.tsx'

/** What a link to a run carries, in whichever of its parts. */
const WORDS = [
  ...['tab', 'superseded', 'checkpoint', 'artifact', 'env_against', 'keys', 'media_step', 'use'],
  ...['line', 'wrap', 'lines_follow', CURSOR_WORD],
  ...LOOK_WORDS,
]

export const UnknownPartsOfRun = () => <UnknownPartsNotice known={WORDS} />
