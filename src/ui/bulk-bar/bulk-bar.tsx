'use client'
import { ActionIcon, Button } from '@mantine/core'
import { Archive, ArchiveRestore, ChevronDown, Star, StarOff, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import type { BulkAction } from '#src/core/runs/bulk.ts'
import { GRACE_DAYS } from '#src/core/runs/retention.ts'
import type { BulkChange } from '#src/protocol/bulk-runs.ts'
import { Confirm } from '#src/ui/kit/confirm.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { Menu } from '#src/ui/kit/menu.tsx'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { Bar } from './bar.tsx'
import { Blocked } from './blocked.tsx'
import styles from './bulk-bar.module.css'
import { overLimit, runsCount } from './bulk-words.ts'
import { GroupButton } from './group-button.tsx'
import { MoveButton } from './move-button.tsx'
import { READS_ONLY } from './reads-only.ts'
import { TagButton } from './tag-button.tsx'
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

const KEEPS = 'Only admins and owners delete runs. Archive them instead: they leave lists and charts and can come back.'

/** What can be done to the runs that are chosen: tag, group, move, star, archive, delete, each with a way back. */
export function BulkBar({ place, choice, count, may, onDone, onClear }: Props) {
  // What is asked about is what is deleted, whatever comes or goes in the list meanwhile.
  const [deletes, setDeletes] = useState<{ choice: RunChoice; count: number } | null>(null)
  const bulk = useBulkChange(place, onDone)
  const why = (action: BulkAction): string | null => (may.write ? overLimit(action, count) : READS_ONLY)
  const run = (change: BulkChange) => void bulk.change(change, choice)
  const whyNoDelete = may.delete ? overLimit('delete', count) : KEEPS
  return (
    <Bar label={`${runsCount(count)} selected`} error={deletes === null ? bulk.error : null}>
      <span className={styles.count} role="status">
        {runsCount(count)} selected
      </span>
      <TagButton why={why('tag')} busy={bulk.busy} onChange={(change) => bulk.change(change, choice)} />
      <GroupButton
        place={place}
        why={why('group')}
        busy={bulk.busy}
        onChange={(change) => bulk.change(change, choice)}
      />
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
        onClick={() => setDeletes({ choice, count })}
      >
        Delete
      </ExplainedButton>
      <Tooltip label="Select none">
        <ActionIcon variant="subtle" color="gray" size={24} aria-label="Select none" onClick={onClear}>
          <X size={14} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Confirm
        opened={deletes !== null && bulk.blocked === null}
        title={`Delete ${runsCount(deletes?.count ?? count)}?`}
        verb={`Delete ${runsCount(deletes?.count ?? count)}`}
        keep="Keep them"
        busy={bulk.busy}
        error={bulk.error}
        onConfirm={() =>
          deletes && void bulk.change({ do: 'delete' }, deletes.choice).then((isDone) => isDone && setDeletes(null))
        }
        onClose={() => {
          setDeletes(null)
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
        onGoOn={() => void Promise.resolve(bulk.goOn()).then((isDone) => isDone && setDeletes(null))}
        onClose={() => {
          setDeletes(null)
          bulk.dismiss()
        }}
      />
    </Bar>
  )
}

const MORE = [
  { action: 'star', label: 'Star', Icon: Star },
  { action: 'unstar', label: 'Take the star off', Icon: StarOff },
  { action: 'unarchive', label: 'Bring back from archive', Icon: ArchiveRestore },
] as const
