'use client'
import { ActionIcon, Tooltip } from '@mantine/core'
import { Plus } from 'lucide-react'
import type { Section } from '#src/core/layouts/layout.ts'
import { sectionName, useParts } from './workspace-context.tsx'

/** Adds a chart to a section. */
export function AddPanel({ section }: { section: Section }) {
  const { askEdit } = useParts()
  const label = `Add a chart to ${sectionName(section)}`
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={label} onClick={() => askEdit(section, null)}>
        <Plus size={14} strokeWidth={1.75} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}
