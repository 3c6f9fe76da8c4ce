'use client'
import { useState } from 'react'
import { putPanel, removePanel } from '#src/core/layouts/change-layout.ts'
import { panelName } from '#src/core/layouts/compose.ts'
import type { Panel, Section } from '#src/core/layouts/layout.ts'
import { LineDialog } from './line-dialog.tsx'
import { newId } from './workspace-bar.tsx'
import { useParts } from './workspace-context.tsx'

/** The form of a panel, or of a new one in a section. */
export function EditPanel(props: { section: Section; panel: Panel | null; onClose: () => void }) {
  const { section, panel, onClose } = props
  const { state, keys } = useParts()
  const [id] = useState(newId)
  const put = (next: Panel) =>
    state.arrange(
      (before) => {
        // The chart of a key that draws something else is no longer that of its key.
        const ofKey = panel?.id.startsWith('key:') ? panel.id : null
        const begin = ofKey ? removePanel(before, section, ofKey) : before
        return putPanel(begin, section, ofKey ? { ...next, id } : next)
      },
      `${panel ? 'edit' : 'add'} ${panelName(next)}`,
    )
  return (
    <LineDialog panel={panel?.kind === 'line' ? panel : null} keys={keys} id={id} onPanel={put} onClose={onClose} />
  )
}
