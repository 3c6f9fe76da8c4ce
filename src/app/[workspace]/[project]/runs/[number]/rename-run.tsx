'use client'
import { Group, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { TextCursorInput } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { RunDetail } from '#src/protocol/runs.ts'
import { BarPopover } from '#src/ui/bulk-bar/bar-popover.tsx'
import { showDone } from '#src/ui/bulk-bar/show-done.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import type { RunPlace } from './run-place.ts'

/** As the server has it. */
const NAME_MAX = 200

/** Gives the run another name; its number and its address stay. */
export function RenameRun(props: RunPlace & { run: RunDetail }) {
  const { run, workspace, project, number } = props
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState(run.name)
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const rename = useMutation(
    trpc.runs.update.mutationOptions({
      onSettled: () => {
        void queryClient.invalidateQueries(trpc.runs.pathFilter())
      },
    }),
  )
  const to = name.trim()
  const call = (name: string) => rename.mutateAsync({ workspace, project, run: number, name })
  const submit = async () => {
    if (to === '' || to === run.name) return
    const before = run.name
    try {
      await call(to)
    } catch {
      // The field says why.
      return
    }
    setOpened(false)
    showDone(`Renamed ${before} to ${to}.`, async () => {
      const { name: now } = await queryClient.fetchQuery(
        trpc.runs.get.queryOptions({ workspace, project, run: number }, { staleTime: 0 }),
      )
      if (now !== to) return `Somebody called it ${now} meanwhile, and so it stays.`
      await call(before)
      return `Taken back: the run is called ${before} again.`
    })
  }
  return (
    <BarPopover
      word="Rename"
      label="Rename the run"
      Icon={TextCursorInput}
      why={null}
      opened={opened}
      onOpened={(opens) => {
        if (opens) {
          setName(run.name)
          rename.reset()
        }
        setOpened(opens)
      }}
    >
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          void submit()
        }}
      >
        <TextInput
          label="Name"
          size="xs"
          maxLength={NAME_MAX}
          value={name}
          error={rename.error ? readFailure(rename.error).sentence : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Group gap={8} mt={12} justify="flex-end">
          <ExplainedButton
            size="compact-xs"
            variant="filled"
            type="submit"
            why={to === '' ? 'Write a name first.' : to === run.name ? 'It is called so already.' : null}
            loading={rename.isPending}
          >
            Rename
          </ExplainedButton>
        </Group>
      </form>
    </BarPopover>
  )
}
