'use client'
import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { movePanel } from '#src/core/layouts/change-layout.ts'
import { panelName } from '#src/core/layouts/compose.ts'
import type { Panel } from '#src/core/layouts/layout.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { sectionName, useParts } from './workspace-context.tsx'

const END = '\n'

/** Where a chart is to stand, without dragging: its section, and before which chart. */
export function MoveDialog({ panel, onClose }: { panel: Panel; onClose: () => void }) {
  const { state, sections } = useParts()
  const here = sections.find(({ panels }) => panels.some(({ id }) => id === panel.id))
  const [to, setTo] = useState(here?.section.id ?? null)
  const [before, setBefore] = useState<string | null>(null)
  const target = sections.find(({ section }) => section.id === to)
  const others = (target?.panels ?? []).filter(({ id }) => id !== panel.id)
  const place = before ?? others[0]?.id ?? END
  const name = panelName(panel)
  return (
    <Modal opened onClose={onClose} title={`Move ${name}`} size="sm">
      <Stack gap={12}>
        <Select
          label="Section"
          searchable={sections.length > 8}
          allowDeselect={false}
          value={to}
          data={sections.map(({ section }) => ({ value: section.id, label: sectionName(section) }))}
          onChange={(value) => {
            setTo(value)
            setBefore(null)
          }}
        />
        <Select
          label="Place"
          searchable={others.length > 8}
          limit={200}
          allowDeselect={false}
          value={place}
          data={[
            ...others.map((other) => ({ value: other.id, label: `Before ${panelName(other)}` })),
            { value: END, label: 'At the end' },
          ]}
          onChange={setBefore}
        />
        <Group justify="flex-end" gap={8}>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="filled"
            onClick={() => {
              if (to)
                state.arrange(
                  (layout) =>
                    movePanel(layout, sections, panel.id, { section: to, before: place === END ? null : place }),
                  `move ${name}`,
                )
              onClose()
            }}
          >
            Move
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
