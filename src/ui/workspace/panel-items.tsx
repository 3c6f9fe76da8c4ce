'use client'
import { ActionIcon } from '@mantine/core'
import { Ellipsis } from 'lucide-react'
import { removePanel, resizePanel } from '#src/core/layouts/change-layout.ts'
import { panelName } from '#src/core/layouts/compose.ts'
import { COLUMNS, type Panel, type Section } from '#src/core/layouts/layout.ts'
import { Menu } from '#src/ui/kit/menu.tsx'
import { usualHeight } from './pack-rows.ts'
import { useParts } from './workspace-context.tsx'

const HEIGHT_STEP = 60

/** What a workspace does with one of its panels, as items of the panel's menu. */
export function PanelItems({ panel, section, isFull }: { panel: Panel; section: Section; isFull: boolean }) {
  const { state, askLook, askMove, askEdit } = useParts()
  const name = panelName(panel)
  const width = panel.width ?? 4
  const height = panel.height ?? usualHeight(width)
  const size = (label: string, next: { width?: number; height?: number }) => (
    <Menu.Item
      closeMenuOnClick={false}
      onClick={() => state.arrange((before) => resizePanel(before, section, panel.id, next), `resize ${name}`)}
    >
      {label}
    </Menu.Item>
  )
  return (
    <>
      {panel.kind === 'line' ? (
        <Menu.Item onClick={() => askLook(section, panel)}>Look of this chart…</Menu.Item>
      ) : null}
      <Menu.Item onClick={() => askEdit(section, panel)}>Edit…</Menu.Item>
      {isFull ? null : (
        <>
          <Menu.Item onClick={() => askMove(panel)}>Move…</Menu.Item>
          {size('Wider', { width: Math.min(COLUMNS, width + 2) })}
          {size('Narrower', { width: width - 2 })}
          {size('Taller', { height: height + HEIGHT_STEP })}
          {size('Shorter', { height: height - HEIGHT_STEP })}
          <Menu.Item
            onClick={() => state.arrange((before) => removePanel(before, section, panel.id), `take ${name} away`)}
          >
            Take away
          </Menu.Item>
        </>
      )}
      <Menu.Divider />
    </>
  )
}

/** The menu of a panel that has none of its own. */
export function PanelMenu(props: { panel: Panel; section: Section; isFull: boolean }) {
  const { panel, isFull } = props
  const { state } = useParts()
  return (
    <Menu position="bottom-end" width={220} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={`More for ${panelName(panel)}`}>
          <Ellipsis size={14} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {isFull ? null : <Menu.Item onClick={() => state.openFull(panel.id)}>Full screen</Menu.Item>}
        <PanelItems {...props} />
      </Menu.Dropdown>
    </Menu>
  )
}
