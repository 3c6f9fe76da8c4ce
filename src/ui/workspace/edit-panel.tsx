'use client'
import { useState } from 'react'
import { putPanel, removePanel } from '#src/core/layouts/change-layout.ts'
import { panelName } from '#src/core/layouts/compose.ts'
import type { Panel, Section } from '#src/core/layouts/layout.ts'
import { PanelDialog } from '#src/ui/panels/panel-dialog.tsx'
import { LineDialog } from './line-dialog.tsx'
import { newId } from './workspace-bar.tsx'
import { useParts } from './workspace-context.tsx'

/** The form of a panel, or of a new one of lines or another kind in a section. */
export function EditPanel(props: { section: Section; panel: Panel | 'line' | 'other'; onClose: () => void }) {
  const { section, onClose } = props
  const panel = typeof props.panel === 'string' ? null : props.panel
  const { state, keys, workspace, project } = useParts()
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
  if (panel ? panel.kind === 'line' : props.panel === 'line')
    return (
      <LineDialog panel={panel?.kind === 'line' ? panel : null} keys={keys} id={id} onPanel={put} onClose={onClose} />
    )
  return <PanelDialog place={{ workspace, project }} panel={panel} id={id} onPanel={put} onClose={onClose} />
}
