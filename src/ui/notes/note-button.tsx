'use client'
import { ActionIcon } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { NotebookPen } from 'lucide-react'
import { useState } from 'react'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { NoteEditor } from './note-editor.tsx'
import styles from './notes.module.css'

/**
 * The note of a chart or a cell behind a button, which carries a dot where one was written. `name` as the page names the chart or the
 * cell in its address; `title` as people read it.
 */
export function NoteButton(props: {
  place: { workspace: string; project: string }
  subject: 'chart' | 'cell'
  name: string
  title: string
}) {
  const { place, subject, name, title } = props
  const trpc = useTRPC()
  const [opened, setOpened] = useState(false)
  const places = useQuery(trpc.notes.places.queryOptions({ ...place, subject }, { staleTime: 30_000 }))
  const held = places.data?.items.find((item) => item.name === name)
  const label = held ? `Note on ${title}: ${held.body.slice(0, TIP_CHARACTERS_MAX)}` : `Write a note on ${title}`
  return (
    <>
      <Tooltip label={label}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          aria-label={held ? `Note on ${title}` : `Write a note on ${title}`}
          className={styles.button}
          data-noted={held !== undefined || undefined}
          onClick={() => setOpened(true)}
        >
          <NotebookPen size={14} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Modal opened={opened} onClose={() => setOpened(false)} title={`Note on ${title}`} size="lg">
        {opened ? <NoteEditor place={place} about={{ subject, name }} /> : null}
      </Modal>
    </>
  )
}

const TIP_CHARACTERS_MAX = 200
