'use client'
import { Button, Popover, SegmentedControl, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { entryText } from '#src/core/comparisons/entries.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './compare.module.css'

/** Runs, stages and checkpoints that a list offers. */
const LISTED_MAX = 500

const KINDS = ['run', 'checkpoint', 'stage'] as const
type Kind = (typeof KINDS)[number]
const KIND_WORDS: Readonly<Record<Kind, string>> = { run: 'Run', checkpoint: 'Checkpoint', stage: 'Stage' }

/** Adds a run, a checkpoint or a stage of any project of the workspace. */
export function AddEntry(props: {
  workspace: string
  /** The project that is offered first. */
  project: string | null
  /** Entries that are there already. */
  taken: readonly string[]
  onAdd: (entry: string) => void
}) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={320} trapFocus returnFocus>
      <Popover.Target>
        <Button
          leftSection={<Plus size={16} strokeWidth={1.75} aria-hidden />}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          Add entry
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {opened ? (
          <Choice
            {...props}
            onAdd={(entry) => {
              setOpened(false)
              props.onAdd(entry)
            }}
          />
        ) : null}
      </Popover.Dropdown>
    </Popover>
  )
}

function Choice({ workspace, project, taken, onAdd }: Parameters<typeof AddEntry>[0]) {
  const trpc = useTRPC()
  const [kind, setKind] = useState<Kind>('run')
  const [chosen, setChosen] = useState(project)
  const [run, setRun] = useState<number | null>(null)
  const projects = useQuery(trpc.projects.list.queryOptions({ workspace }))
  const slugs = (projects.data ?? []).map(({ slug }) => slug)
  const at = { workspace, project: chosen ?? slugs[0] ?? '' }
  const isThere = at.project !== ''
  const runs = useQuery({
    ...trpc.runs.list.queryOptions({ ...at, limit: LISTED_MAX }),
    enabled: isThere && kind !== 'stage',
  })
  const stages = useQuery({
    ...trpc.experiments.list.queryOptions({ ...at, limit: LISTED_MAX }),
    enabled: isThere && kind === 'stage',
  })
  const checkpoints = useQuery({
    ...trpc.runs.checkpoints.queryOptions({ ...at, run: run ?? 1 }),
    enabled: isThere && kind === 'checkpoint' && run !== null,
  })
  const free = <Item extends { value: string }>(items: readonly Item[]) =>
    items.filter(({ value }) => !taken.includes(value))
  const runItems = (runs.data?.items ?? []).map((one) => ({
    value: entryText({ kind: 'run', uid: one.uid }),
    label: `${one.name} #${one.number}`,
    number: one.number,
  }))
  return (
    <div className={styles.add}>
      <SegmentedControl
        aria-label="What to add"
        fullWidth
        size="xs"
        value={kind}
        data={KINDS.map((value) => ({ value, label: KIND_WORDS[value] }))}
        onChange={(value) => setKind(KINDS.find((one) => one === value) ?? 'run')}
      />
      <Select
        label="Project"
        comboboxProps={{ withinPortal: false }}
        searchable={slugs.length > 8}
        value={at.project || null}
        data={slugs}
        onChange={(slug) => {
          setChosen(slug)
          setRun(null)
        }}
      />
      {kind === 'run' ? (
        <Select
          label="Run"
          comboboxProps={{ withinPortal: false }}
          searchable
          placeholder={runs.isPending ? 'Loading' : 'Name or number'}
          nothingFoundMessage="No such run here"
          value={null}
          data={free(runItems).map(({ value, label }) => ({ value, label }))}
          onChange={(value) => value !== null && onAdd(value)}
        />
      ) : null}
      {kind === 'stage' ? (
        <Select
          label="Stage"
          comboboxProps={{ withinPortal: false }}
          searchable
          placeholder={stages.isPending ? 'Loading' : 'Name or number'}
          nothingFoundMessage="No such stage here"
          value={null}
          data={free(
            (stages.data?.items ?? [])
              .filter((one) => !one.is_unstaged)
              .map((one) => ({
                value: entryText({ kind: 'stage', project: one.project, stage: String(one.number) }),
                label: `${one.name} #${one.number}`,
              })),
          )}
          onChange={(value) => value !== null && onAdd(value)}
        />
      ) : null}
      {kind === 'checkpoint' ? (
        <>
          <Select
            label="Run"
            comboboxProps={{ withinPortal: false }}
            searchable
            placeholder={runs.isPending ? 'Loading' : 'Name or number'}
            nothingFoundMessage="No such run here"
            value={run === null ? null : String(run)}
            data={runItems.map(({ number, label }) => ({ value: String(number), label }))}
            onChange={(value) => setRun(value === null ? null : Number(value))}
          />
          {run === null ? null : (
            <Select
              label="Checkpoint"
              comboboxProps={{ withinPortal: false }}
              searchable
              placeholder={checkpoints.isPending ? 'Loading' : 'Step'}
              nothingFoundMessage="This run has no such checkpoint"
              value={null}
              data={free(
                (checkpoints.data ?? []).map((one) => ({
                  value: entryText({ kind: 'checkpoint', uid: one.id }),
                  label: `step ${formatExactCount(one.step)}`,
                })),
              )}
              onChange={(value) => value !== null && onAdd(value)}
            />
          )}
        </>
      ) : null}
    </div>
  )
}
