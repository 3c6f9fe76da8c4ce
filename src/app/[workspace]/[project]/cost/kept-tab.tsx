'use client'
import { TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import type { LineageCost, ProjectCost } from '#src/protocol/cost.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import type { UnitChoice } from '#src/ui/cost/cost-units.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './cost.module.css'
import { ADDRESS, askOf } from './cost-address.ts'
import { keptTable } from './kept-table.ts'

const SUBJECTS = ['lineage', 'stage', 'project'] as const
type Subject = (typeof SUBJECTS)[number]

export interface KeptTabProps {
  workspace: string
  project: string
  whole: ProjectCost
  data: LineageCost
  choice: UnitChoice
  mayWrite: boolean
}

/** Prices with another book or as they were on a day: the whole page follows, and a total can be kept beside those of before. */
export function KeptTab({ workspace, project, whole, data, mayWrite }: KeptTabProps) {
  const [view, set] = useQueryStates(ADDRESS)
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [subject, setSubject] = useState<Subject>('lineage')
  const ask = askOf(view)
  const book = useQuery(trpc.cost.book.queryOptions({ workspace, book: view.book ?? 'default' }))
  const records = useQuery(trpc.cost.records.queryOptions({ workspace, project }))
  const keep = useMutation(
    trpc.cost.reprice.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.cost.records.pathFilter()),
    }),
  )
  const failure = keep.error ? readFailure(keep.error) : null
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (ask.people) return
    const { grid: _, pue: __, ...how } = ask
    keep.mutate({
      workspace,
      project,
      of: subject,
      ...(subject === 'project' ? {} : { experiment: data.leaf.number }),
      ...how,
    })
  }
  return (
    <>
      <Section title="Reckon with other prices" note="the page follows; what was kept stays as it was">
        <form className={styles.form} onSubmit={submit} noValidate aria-label="Reckon with other prices">
          <Select
            label="Price book"
            allowDeselect={false}
            value={view.book ?? 'default'}
            data={[...new Set(['default', ...(book.data?.books ?? []), view.book ?? 'default'])]}
            onChange={(value) => void set({ book: value === 'default' ? null : value })}
          />
          <TextInput
            label="As it stood on"
            type="date"
            value={view.asof ?? ''}
            onChange={(event) => void set({ asof: event.currentTarget.value || null })}
          />
          {mayWrite ? (
            <>
              <Select
                label="Keep the total of"
                allowDeselect={false}
                value={subject}
                data={[
                  { value: 'lineage', label: `${data.leaf.name} and its ancestors` },
                  { value: 'stage', label: `${data.leaf.name} alone` },
                  { value: 'project', label: 'the project' },
                ]}
                onChange={(value) => setSubject(SUBJECTS.find((one) => one === value) ?? 'lineage')}
              />
              <div className={styles.formEnd}>
                <ExplainedButton
                  variant="filled"
                  type="submit"
                  loading={keep.isPending}
                  why={ask.people ? 'A kept total holds no time of people: stop counting it first.' : null}
                >
                  Keep this total
                </ExplainedButton>
              </div>
            </>
          ) : (
            <p className={styles.foot}>Your role here can look but not keep totals.</p>
          )}
          {failure ? (
            <p className={styles.failure} role="alert">
              {failure.sentence}
            </p>
          ) : null}
        </form>
      </Section>
      <Answer query={records} what="The kept totals" loading={<LoadingRows rows={3} />}>
        {({ items }) => {
          if (items.length === 0)
            return (
              <Empty
                title="No total was kept yet"
                text="A kept total holds the amount, the prices and the book of its day; a later price leaves it as it is, and the table shows both."
              />
            )
          const table = keptTable(items, whole)
          return (
            <Section
              title={table.title}
              note={ask.people ? 'now counts the time of people; kept totals hold none' : table.notes[0]}
              actions={<PictureMenu name={`${project}-kept-totals`} table={table} />}
            >
              <PublishedTableView label={table.title} table={table.table} />
            </Section>
          )
        }}
      </Answer>
    </>
  )
}
