'use client'
import { Group } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Group as GroupIcon } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { RUN_GROUP_MAX } from '#src/core/runs/bulk.ts'
import type { BulkChange } from '#src/protocol/bulk-runs.ts'
import { Autocomplete } from '#src/ui/kit/autocomplete.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { BarPopover } from './bar-popover.tsx'

const PAUSE_MS = 60
const LINES = 8

/**
 * Puts the chosen runs into a group, one that runs of the project have or a new one, or takes them out of theirs.
 *
 * @param props.now the group of a single run, null where it has none; absent where several are chosen
 */
export function GroupButton(props: {
  place: { workspace: string; project: string }
  why: string | null
  busy: boolean
  now?: string | null
  onChange: (change: BulkChange) => Promise<boolean>
}) {
  const { now } = props
  const [opened, setOpened] = useState(false)
  const [group, setGroup] = useState('')
  const [asked] = useDebouncedValue(group, PAUSE_MS)
  const trpc = useTRPC()
  const known = useQuery({
    ...trpc.search.values.queryOptions(
      { ...props.place, field: 'group', text: asked === (now ?? '') ? '' : asked, limit: LINES },
      { staleTime: 30_000 },
    ),
    enabled: opened,
    placeholderData: keepPreviousData,
  })
  const name = group.trim()
  const send = (to: string | null) =>
    void props.onChange({ do: 'group', group: to }).then((isDone) => {
      if (isDone) setOpened(false)
    })
  return (
    <BarPopover
      word="Group"
      label={now === undefined ? 'Group runs' : 'Group of the run'}
      Icon={GroupIcon}
      why={props.why}
      opened={opened}
      onOpened={(opens) => {
        if (opens) setGroup(now ?? '')
        setOpened(opens)
      }}
    >
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (name !== '') send(name)
        }}
      >
        <Autocomplete
          label="Group"
          description="Such as seeds of one setting"
          size="xs"
          maxLength={RUN_GROUP_MAX}
          value={group}
          data={(known.data?.values ?? []).map(({ value }) => String(value))}
          onChange={setGroup}
          comboboxProps={{ withinPortal: false }}
          // Opened with the focus its list would lie over the buttons.
          openOnFocus={false}
          data-autofocus
        />
        <Group gap={8} mt={12} justify="flex-end">
          <ExplainedButton
            size="compact-xs"
            why={now === null ? 'It is in no group.' : null}
            loading={props.busy}
            onClick={() => send(null)}
          >
            Take out
          </ExplainedButton>
          <ExplainedButton
            size="compact-xs"
            variant="filled"
            type="submit"
            why={name === '' ? 'Write the name of the group first.' : null}
            loading={props.busy}
          >
            Set
          </ExplainedButton>
        </Group>
      </form>
    </BarPopover>
  )
}
