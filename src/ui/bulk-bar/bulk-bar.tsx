'use client'
import { ActionIcon, Button, Group } from '@mantine/core'
import { Archive, ArchiveRestore, ChevronDown, Star, StarOff, Tag, Trash2, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { BulkAction } from '#src/core/runs/bulk.ts'
import { GRACE_DAYS } from '#src/core/runs/retention.ts'
import type { BulkChange, LeftOut } from '#src/protocol/bulk-runs.ts'
import { Confirm } from '#src/ui/kit/confirm.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { Menu } from '#src/ui/kit/menu.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { TagsInput } from '#src/ui/kit/tags-input.tsx'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { readFailure } from '#src/ui/trpc-client.tsx'
import { BarPopover } from './bar-popover.tsx'
import styles from './bulk-bar.module.css'
import { overLimit, runsCount } from './bulk-words.ts'
import { MoveButton } from './move-button.tsx'
import { type RunChoice, useBulkChange } from './use-bulk-change.tsx'

interface Place {
  workspace: string
  project: string
}

interface Props {
  place: Place
  choice: RunChoice
  /** How many runs are chosen. */
  count: number
  may: { write: boolean; delete: boolean }
  /** After a change: the rows are not as they were. */
  onDone: () => void
  onClear: () => void
}

const READS_ONLY = 'Your role here can look but not change. Ask an admin for the role of editor.'
const KEEPS = 'Only admins and owners delete runs. Archive them instead: they leave lists and charts and can come back.'

/** What can be done to the runs that are chosen: tag, move, star, archive, delete, each with a way back. */
export function BulkBar({ place, choice, count, may, onDone, onClear }: Props) {
  const [deletes, setDeletes] = useState(false)
  const bulk = useBulkChange(place, onDone)
  const why = (action: BulkAction): string | null => (may.write ? overLimit(action, count) : READS_ONLY)
  const run = (change: BulkChange) => void bulk.change(change, choice)
  const whyNoDelete = may.delete ? overLimit('delete', count) : KEEPS
  return (
    <div className={styles.bar} role="toolbar" aria-label={`${runsCount(count)} selected`}>
      <span className={styles.count} role="status">
        {runsCount(count)} selected
      </span>
      <TagButton why={why('tag')} busy={bulk.busy} onChange={(change) => bulk.change(change, choice)} />
      <MoveButton place={place} why={why('move')} busy={bulk.busy} onMove={(change) => bulk.change(change, choice)} />
      <ExplainedButton
        size="compact-xs"
        why={why('archive')}
        leftSection={<Archive size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() => run({ do: 'archive' })}
      >
        Archive
      </ExplainedButton>
      <Menu position="bottom-start" width={190} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button size="compact-xs" rightSection={<ChevronDown size={14} strokeWidth={1.75} aria-hidden />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {MORE.map(({ action, label, Icon }) => (
            <Menu.Item
              key={action}
              disabled={why(action) !== null}
              title={why(action) ?? undefined}
              leftSection={<Icon size={14} strokeWidth={1.75} aria-hidden />}
              onClick={() => run({ do: action })}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <ExplainedButton
        size="compact-xs"
        why={whyNoDelete}
        leftSection={<Trash2 size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() => setDeletes(true)}
      >
        Delete
      </ExplainedButton>
      <Tooltip label="Select none">
        <ActionIcon variant="subtle" color="gray" size={24} aria-label="Select none" onClick={onClear}>
          <X size={14} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {bulk.error && !deletes ? (
        <p className={styles.problem} role="alert">
          {readFailure(bulk.error).sentence}
        </p>
      ) : null}
      <Confirm
        opened={deletes && bulk.blocked === null}
        title={`Delete ${runsCount(count)}?`}
        verb={`Delete ${runsCount(count)}`}
        keep="Keep them"
        busy={bulk.busy}
        error={bulk.error}
        onConfirm={() => void bulk.change({ do: 'delete' }, choice).then((isDone) => isDone && setDeletes(false))}
        onClose={() => {
          setDeletes(false)
          bulk.dismiss()
        }}
      >
        <p>
          They leave all lists at once and can be restored for {GRACE_DAYS} days, in the corner or in the settings under
          deleted runs. Then their metrics, consoles and files are deleted for good. Programs that still write are told.
        </p>
      </Confirm>
      <Blocked
        leftOut={bulk.blocked?.leftOut ?? null}
        count={count}
        busy={bulk.busy}
        onGoOn={() => void Promise.resolve(bulk.goOn()).then((isDone) => isDone && setDeletes(false))}
        onClose={() => {
          setDeletes(false)
          bulk.dismiss()
        }}
      />
    </div>
  )
}

const MORE = [
  { action: 'star', label: 'Star', Icon: Star },
  { action: 'unstar', label: 'Take the star off', Icon: StarOff },
  { action: 'unarchive', label: 'Bring back from archive', Icon: ArchiveRestore },
] as const

function TagButton(props: { why: string | null; busy: boolean; onChange: (change: BulkChange) => Promise<boolean> }) {
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

const NAMED_MAX = 20

function Blocked(props: {
  leftOut: readonly LeftOut[] | null
  count: number
  busy: boolean
  onGoOn: () => void
  onClose: () => void
}) {
  const leftOut = props.leftOut ?? []
  const rest = props.count - leftOut.length
  return (
    <Modal opened={props.leftOut !== null} onClose={props.onClose} title="Some runs cannot be changed so">
      <Notice
        tone="warning"
        title={`Nothing was changed: ${leftOut.length} of ${runsCount(props.count)} stand in the way`}
      >
        <ul className={styles.leftOut}>
          {leftOut.slice(0, NAMED_MAX).map((run) => (
            <li key={run.uid}>
              {run.name} (#{run.number}): {run.why}
            </li>
          ))}
        </ul>
        {leftOut.length > NAMED_MAX ? <p>And {leftOut.length - NAMED_MAX} more.</p> : null}
      </Notice>
      <Group justify="flex-end" gap={8} mt={20}>
        <Button onClick={props.onClose}>Change none</Button>
        {rest > 0 ? (
          <Button variant="filled" loading={props.busy} onClick={props.onGoOn}>
            Change the other {runsCount(rest)}
          </Button>
        ) : null}
      </Group>
    </Modal>
  )
}
