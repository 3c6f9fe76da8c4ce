'use client'
import { Button, Group } from '@mantine/core'
import { Tag } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { BULK_TAGS_MAX, RUN_TAGS_MAX } from '#src/core/runs/bulk.ts'
import type { BulkChange } from '#src/protocol/bulk-runs.ts'
import type { RunDetail } from '#src/protocol/runs.ts'
import { BarPopover } from '#src/ui/bulk-bar/bar-popover.tsx'
import { TagsInput } from '#src/ui/kit/tags-input.tsx'
import styles from './run.module.css'

/** The tags of the run as they are: what is added and what is taken off go to the server, so that tags that others added meanwhile stay. */
export function TagRun(props: { run: RunDetail; busy: boolean; onChange: (change: BulkChange) => Promise<boolean> }) {
  const { run } = props
  const [opened, setOpened] = useState(false)
  /** The tags that it had when the field was opened, and those that stand in the field. */
  const [had, setHad] = useState<string[]>([])
  const [tags, setTags] = useState<string[]>([])
  const save = async () => {
    const added = tags.filter((tag) => !had.includes(tag))
    const removed = had.filter((tag) => !tags.includes(tag))
    // Those that go make room for those that come.
    for (const some of inPieces(removed)) if (!(await props.onChange({ do: 'untag', tags: some }))) return
    for (const some of inPieces(added)) if (!(await props.onChange({ do: 'tag', tags: some }))) return
    setOpened(false)
  }
  return (
    <BarPopover
      word="Tags"
      label="Tags of the run"
      Icon={Tag}
      why={null}
      opened={opened}
      onOpened={(opens) => {
        if (opens) {
          setHad(run.tags)
          setTags(run.tags)
        }
        setOpened(opens)
      }}
    >
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          void save()
        }}
      >
        <TagsInput
          label="Tags"
          description="Enter ends a tag"
          value={tags}
          maxTags={RUN_TAGS_MAX}
          acceptValueOnBlur
          classNames={{ inputField: styles.tagField }}
          onChange={setTags}
          data-autofocus
        />
        <Group gap={8} mt={12} justify="flex-end">
          <Button size="compact-xs" variant="filled" type="submit" loading={props.busy}>
            Save
          </Button>
        </Group>
      </form>
    </BarPopover>
  )
}

/** As many as one change takes. */
const inPieces = (tags: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(tags.length / BULK_TAGS_MAX) }, (_, i) =>
    tags.slice(i * BULK_TAGS_MAX, (i + 1) * BULK_TAGS_MAX),
  )
