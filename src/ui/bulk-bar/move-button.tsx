'use client'
import { Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { FolderInput } from 'lucide-react'
import { useState } from 'react'
import type { BulkChange } from '#src/protocol/bulk-runs.ts'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import { BarPopover } from './bar-popover.tsx'
import styles from './bulk-bar.module.css'

/** Moves the chosen runs to a stage, of their project or of another one of the workspace. */
export function MoveButton(props: {
  place: { workspace: string; project: string }
  why: string | null
  busy: boolean
  /** Names the dialog; “Move runs” when absent. */
  label?: string
  onMove: (change: Extract<BulkChange, { do: 'move' }>) => Promise<boolean>
}) {
  const { workspace, project: home } = props.place
  const [opened, setOpened] = useState(false)
  const [project, setProject] = useState(home)
  const [stage, setStage] = useState<string | null>(null)
  const trpc = useTRPC()
  const projects = useQuery({
    ...trpc.projects.list.queryOptions({ workspace }, { staleTime: 30_000 }),
    enabled: opened,
  })
  const stages = useQuery({
    ...trpc.experiments.list.queryOptions({ workspace, project, limit: 1000 }, { staleTime: 30_000 }),
    enabled: opened,
  })
  const known = projects.data ?? [{ slug: home, name: home }]
  const leaves = project !== home
  return (
    <BarPopover
      word="Move"
      label={props.label ?? 'Move runs'}
      Icon={FolderInput}
      why={props.why}
      opened={opened}
      onOpened={setOpened}
    >
      <Select
        label="Project"
        searchable
        allowDeselect={false}
        value={project}
        data={known.map(({ slug, name }) => ({ value: slug, label: name }))}
        error={projects.isError ? readFailure(projects.error).sentence : undefined}
        onChange={(slug) => {
          setProject(slug ?? home)
          setStage(null)
        }}
        comboboxProps={{ withinPortal: false }}
      />
      <Select
        mt={8}
        label="Move to stage"
        description="Checkpoints and their evaluations go along"
        searchable
        placeholder="Choose a stage"
        value={stage}
        data={(stages.data?.items ?? []).map(({ number, name }) => ({ value: String(number), label: name }))}
        error={stages.isError ? readFailure(stages.error).sentence : undefined}
        nothingFoundMessage={
          stages.isPending
            ? 'Reading the stages…'
            : stages.data?.next_cursor
              ? 'Not among the first 1,000 stages of this project, which are listed'
              : 'No such stage in this project'
        }
        onChange={setStage}
        comboboxProps={{ withinPortal: false }}
        // Not the project: its list opens with the focus and would lie over the stage.
        data-autofocus
      />
      {leaves ? (
        <p className={styles.hint}>
          Each run gets a new number there. Its links go on leading to it, and its number here is given to no other.
        </p>
      ) : null}
      <Group gap={8} mt={12} justify="flex-end">
        <ExplainedButton
          size="compact-xs"
          variant="filled"
          why={stage === null ? 'Choose a stage first.' : null}
          loading={props.busy}
          onClick={() =>
            void props
              .onMove({ do: 'move', experiment: Number(stage), ...(leaves && { to_project: project }) })
              .then((isDone) => {
                if (isDone) setOpened(false)
              })
          }
        >
          Move
        </ExplainedButton>
      </Group>
    </BarPopover>
  )
}
