'use client'
import { ActionIcon } from '@mantine/core'
import { Plus } from 'lucide-react'
import type { Section } from '#src/core/layouts/layout.ts'
import { Menu } from '#src/ui/kit/menu.tsx'
import { sectionName, useParts } from './workspace-context.tsx'

/** Adds a chart of lines or another panel to a section. */
export function AddPanel({ section }: { section: Section }) {
  const { askEdit } = useParts()
  return (
    <Menu position="bottom-end" width={200} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={`Add a chart to ${sectionName(section)}`}>
          <Plus size={14} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => askEdit(section, 'line')}>Line chart…</Menu.Item>
        <Menu.Item onClick={() => askEdit(section, 'other')}>Scatter, bars, table and more…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
