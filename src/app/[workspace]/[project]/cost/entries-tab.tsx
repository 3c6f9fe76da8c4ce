'use client'
import { Button, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useMemo, useState } from 'react'
import { formatMoney } from '#src/core/format/money.ts'
import type { ProjectCost } from '#src/protocol/cost.ts'
import type { CostEntryView } from '#src/protocol/cost-entries.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './cost.module.css'
import { ADDRESS } from './cost-address.ts'
import { ENTRY_WORDS, EntryForm } from './entry-form.tsx'

/** Costs that no device-hour tells: what was recorded, what corrected it, and a form for more. */
export function EntriesTab(props: { workspace: string; project: string; whole: ProjectCost; mayWrite: boolean }) {
  const { workspace, project, whole, mayWrite } = props
  const trpc = useTRPC()
  const [{ people }, set] = useQueryStates(ADDRESS)
  const [corrected, setCorrected] = useState<CostEntryView | null>(null)
  const entries = useQuery(trpc.cost.allEntries.queryOptions({ workspace, project }))
  const columns = useMemo(() => columnsOf(mayWrite ? setCorrected : null), [mayWrite])
  return (
    <>
      <Section
        actions={
          <Switch
            size="xs"
            label="Count the time of people"
            checked={people}
            onChange={(event) => void set({ people: event.currentTarget.checked })}
          />
        }
        title="Other costs"
        note="tokens of other models, labels, storage, traffic, people; a correction leaves what it corrects readable"
      >
        <Answer query={entries} what="The other costs" loading={<LoadingRows rows={3} />}>
          {({ items }) => (
            <DataTable
              label="Other costs"
              request={{ path: `/projects/${encodeURIComponent(project)}/cost/entries`, query: {} }}
              columns={columns}
              rows={items}
              rowKey={(row) => row.id}
              none="None was recorded: totals hold device-hours alone, and the foot of the page names what they leave out."
              compact
            />
          )}
        </Answer>
      </Section>
      {mayWrite ? (
        <Section title={corrected ? `Correct an entry of ${corrected.experiment.name}` : 'Add a cost'}>
          <EntryForm
            key={corrected?.id ?? 'new'}
            workspace={workspace}
            project={project}
            stages={whole.stages.map(({ experiment }) => experiment)}
            corrected={corrected}
            onDone={() => setCorrected(null)}
          />
        </Section>
      ) : (
        <p className={styles.foot}>Your role here can look but not add costs.</p>
      )}
    </>
  )
}

const columnsOf = (onCorrect: ((entry: CostEntryView) => void) | null): readonly Column<CostEntryView>[] => [
  { key: 'on', title: 'Day', nowrap: true, cell: (entry) => entry.on },
  { key: 'stage', title: 'Stage', head: true, nowrap: true, cell: (entry) => entry.experiment.name },
  { key: 'run', title: 'Run', cell: (entry) => (entry.run === null ? '' : `#${entry.run}`) },
  { key: 'kind', title: 'Kind', nowrap: true, cell: (entry) => ENTRY_WORDS[entry.kind] },
  {
    key: 'quantity',
    title: 'Quantity × price',
    nowrap: true,
    cell: ({ quantity, unit, per_unit, currency }) =>
      quantity === null
        ? ''
        : `${quantity} ${unit ?? ''}${per_unit === null ? '' : ` × ${formatMoney({ amount: per_unit, currency })}`}`,
  },
  {
    key: 'amount',
    title: 'Amount',
    align: 'right',
    nowrap: true,
    cell: (entry) => (
      <span className={entry.superseded_by ? styles.corrected : undefined} title={`${entry.amount} ${entry.currency}`}>
        {formatMoney(entry)}
      </span>
    ),
  },
  {
    key: 'note',
    title: 'Note',
    cell: (entry) => [entry.assumed ? 'assumed' : null, entry.note || null].filter(Boolean).join('; '),
  },
  { key: 'by', title: 'By', nowrap: true, cell: (entry) => entry.created_by },
  {
    key: 'correct',
    title: '',
    cell: (entry) =>
      entry.superseded_by !== null ? (
        <span className="ink-3">corrected</span>
      ) : onCorrect ? (
        <Button
          size="compact-xs"
          onClick={() => onCorrect(entry)}
          aria-label={`Correct ${ENTRY_WORDS[entry.kind]} of ${entry.experiment.name}, ${formatMoney(entry)}`}
        >
          Correct
        </Button>
      ) : null,
  },
]
