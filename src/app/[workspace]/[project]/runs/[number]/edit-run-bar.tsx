'use client'
import { ActionIcon } from '@mantine/core'
import { Archive, ArchiveRestore, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { BulkChange } from '#src/protocol/bulk-runs.ts'
import type { RunDetail } from '#src/protocol/runs.ts'
import { Bar } from '#src/ui/bulk-bar/bar.tsx'
import { Blocked } from '#src/ui/bulk-bar/blocked.tsx'
import { GroupButton } from '#src/ui/bulk-bar/group-button.tsx'
import { MoveButton } from '#src/ui/bulk-bar/move-button.tsx'
import { useBulkChange } from '#src/ui/bulk-bar/use-bulk-change.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { useFocusBack } from '#src/ui/kit/focus-back.ts'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { RenameRun } from './rename-run.tsx'
import styles from './run.module.css'
import type { RunPlace } from './run-place.ts'
import { TagRun } from './tag-run.tsx'

/** Name, tags, group, stage and archive of the run, each changed behind its button and with a way back. A moved run's page goes along by itself. */
export function EditRunBar(props: RunPlace & { run: RunDetail; onClose: () => void }) {
  const { run, workspace, project, number } = props
  const place = { workspace, project }
  const bulk = useBulkChange(place, () => {})
  const change = (asked: BulkChange) => bulk.change(asked, { runs: [run.uid] })
  const row = useRef<HTMLDivElement>(null)
  useFocusBack(true)
  // Whoever opened it stands in it, unless they went on while its code came.
  useEffect(() => {
    const at = document.activeElement
    if (at === null || at === document.body || at.getAttribute('aria-expanded') === 'true')
      row.current?.querySelector('button')?.focus({ preventScroll: true })
  }, [])
  const isArchived = Boolean(run.archived_at)
  const icon = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const
  return (
    <div className={styles.editRow} ref={row}>
      <Bar label="Edit the run" error={bulk.error}>
        <RenameRun {...{ workspace, project, number, run }} />
        <TagRun run={run} busy={bulk.busy} onChange={change} />
        <GroupButton place={place} why={null} busy={bulk.busy} now={run.group} onChange={change} />
        <MoveButton label="Move the run" place={place} why={null} busy={bulk.busy} onMove={change} />
        <ExplainedButton
          size="compact-xs"
          why={null}
          leftSection={isArchived ? <ArchiveRestore {...icon} /> : <Archive {...icon} />}
          onClick={() => void change({ do: isArchived ? 'unarchive' : 'archive' })}
        >
          {isArchived ? 'Bring back from archive' : 'Archive'}
        </ExplainedButton>
        <Tooltip label="Close">
          <ActionIcon variant="subtle" color="gray" size={24} aria-label="Close" onClick={props.onClose}>
            <X {...icon} />
          </ActionIcon>
        </Tooltip>
      </Bar>
      <Blocked
        leftOut={bulk.blocked?.leftOut ?? null}
        count={1}
        busy={bulk.busy}
        onGoOn={bulk.dismiss}
        onClose={bulk.dismiss}
      />
    </div>
  )
}
