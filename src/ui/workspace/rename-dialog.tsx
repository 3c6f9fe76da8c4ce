'use client'
import { Button, Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Modal } from '#src/ui/kit/modal.tsx'

/** Asks for another name. */
export function RenameDialog(props: {
  what: string
  name: string
  onName: (name: string) => void
  onClose: () => void
}) {
  const [text, setText] = useState(props.name)
  const name = text.trim()
  return (
    <Modal opened onClose={props.onClose} title={`Rename ${props.what}`} size="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (name === '') return
          if (name !== props.name) props.onName(name)
          props.onClose()
        }}
      >
        <TextInput
          label="Name"
          data-autofocus
          value={text}
          maxLength={120}
          error={name === '' ? 'A name of one letter at least' : null}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap={8} mt={16}>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button type="submit" variant="filled">
            Rename
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
