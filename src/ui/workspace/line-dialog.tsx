'use client'
import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { LinePanel } from '#src/core/layouts/layout.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import { MultiSelect } from '#src/ui/kit/multi-select.tsx'

const METRICS_MAX = 50

/** Makes or changes a chart of lines: its metrics, and a title of its own. */
export function LineDialog(props: {
  /** As it is; null: a new one. */
  panel: LinePanel | null
  keys: readonly string[]
  id: string
  onPanel: (panel: LinePanel) => void
  onClose: () => void
}) {
  const { panel, keys } = props
  const [metrics, setMetrics] = useState<string[]>(panel?.metrics ?? [])
  const [title, setTitle] = useState(panel?.title ?? '')
  const [isTold, setTold] = useState(false)
  const wrong = isTold && metrics.length === 0 ? { error: 'Choose a metric: a chart draws one at least' } : {}
  return (
    <Modal opened onClose={props.onClose} title={panel ? 'Edit the line chart' : 'Add a line chart'} size="md">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setTold(true)
          if (metrics.length === 0) return
          const { title: _, ...rest } = panel ?? { id: props.id, kind: 'line' as const }
          props.onPanel({ ...rest, metrics, ...(title.trim() !== '' && { title: title.trim() }) })
          props.onClose()
        }}
      >
        <Stack gap={12}>
          <MultiSelect
            label="Metrics"
            data-autofocus
            searchable
            limit={100}
            maxValues={METRICS_MAX}
            value={metrics}
            data={[...new Set([...metrics, ...keys])]}
            onChange={setMetrics}
            nothingFoundMessage="No metric of these runs has such a name"
            {...wrong}
          />
          <TextInput
            label="Title"
            placeholder={metrics.join(', ') || 'the names of the metrics'}
            maxLength={120}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap={8}>
            <Button onClick={props.onClose}>Cancel</Button>
            <Button type="submit" variant="filled">
              {panel ? 'Save the chart' : 'Add the chart'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
