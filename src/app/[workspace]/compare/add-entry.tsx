'use client'
import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { entryText } from '#src/core/comparisons/entries.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { Popover } from '#src/ui/kit/popover.tsx'
import { Select } from '#src/ui/kit/select.tsx'
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
  const chooseRun = (value: string) => {
    if (kind === 'run') onAdd(value)
    else setRun(Number(value))
  }
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
      {kind === 'stage' ? (
        <Listed
          what="Stage"
          hint="Name or number"
          list={stages}
          items={free(
            (stages.data?.items ?? [])
              .filter((one) => !one.is_unstaged)
              .map((one) => ({
                value: entryText({ kind: 'stage', project: one.project, stage: String(one.number) }),
                label: `${one.name} #${one.number}`,
              })),
          )}
          cut={
            stages.data?.next_cursor
              ? `The first ${LISTED_MAX} are listed; the page “Compare stages” offers all.`
              : null
          }
          onChoose={onAdd}
        />
      ) : (
        <Listed
          what="Run"
          hint="Name or number"
          list={runs}
          value={kind === 'run' || run === null ? null : String(run)}
          items={
            kind === 'run' ? free(runItems) : runItems.map(({ number, label }) => ({ value: String(number), label }))
          }
          cut={
            runs.data?.next_cursor
              ? `The newest ${LISTED_MAX} are listed; older ones are compared from the runs table.`
              : null
          }
          onChoose={chooseRun}
        />
      )}
      {kind === 'checkpoint' && run !== null ? (
        <Listed
          what="Checkpoint"
          hint="Step"
          list={checkpoints}
          items={free(
            (checkpoints.data ?? []).map((one) => ({
              value: entryText({ kind: 'checkpoint', uid: one.id }),
              label: `step ${formatExactCount(one.step)}`,
            })),
          )}
          onChoose={onAdd}
        />
      ) : null}
    </div>
  )
}

/** A list to choose an entry from; `cut` says what it leaves out and where that is. */
function Listed(props: {
  what: string
  hint: string
  list: { isPending: boolean }
  value?: string | null
  items: { value: string; label: string }[]
  cut?: string | null
  onChoose: (value: string) => void
}) {
  return (
    <Select
      label={props.what}
      description={props.cut ?? null}
      comboboxProps={{ withinPortal: false }}
      searchable
      placeholder={props.list.isPending ? 'Loading' : props.hint}
      nothingFoundMessage={`No such ${props.what.toLowerCase()} here`}
      value={props.value ?? null}
      data={props.items}
      onChange={(value) => value !== null && props.onChoose(value)}
    />
  )
}
