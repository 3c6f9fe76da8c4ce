'use client'
import { Button, Group } from '@mantine/core'
import { Tag } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { BulkChange } from '#src/protocol/bulk-runs.ts'
import { TagsInput } from '#src/ui/kit/tags-input.tsx'
import { BarPopover } from './bar-popover.tsx'
import styles from './bulk-bar.module.css'

/** Adds tags to the chosen runs, or takes them off. */
export function TagButton(props: {
  why: string | null
  busy: boolean
  onChange: (change: BulkChange) => Promise<boolean>
}) {
  const [opened, setOpened] = useState(false)
  const [tags, setTags] = useState<string[]>([])
  const send = (does: 'tag' | 'untag') => {
    if (tags.length === 0) return
    void props.onChange({ do: does, tags }).then((isDone) => {
      if (!isDone) return
      setTags([])
      setOpened(false)
    })
  }
  return (
    <BarPopover word="Tag" label="Tag runs" Icon={Tag} why={props.why} opened={opened} onOpened={setOpened}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          send('tag')
        }}
      >
        <TagsInput
          label="Tags"
          description="Enter ends a tag"
          value={tags}
          maxTags={20}
          acceptValueOnBlur
          classNames={{ inputField: styles.tagField }}
          onChange={setTags}
          data-autofocus
        />
        <Group gap={8} mt={12} justify="flex-end">
          <Button size="compact-xs" onClick={() => send('untag')} loading={props.busy}>
            Take off
          </Button>
          <Button size="compact-xs" variant="filled" type="submit" loading={props.busy}>
            Add
          </Button>
        </Group>
      </form>
    </BarPopover>
  )
}
