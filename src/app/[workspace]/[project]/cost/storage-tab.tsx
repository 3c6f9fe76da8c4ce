'use client'
import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { paths } from '#src/ui/paths.ts'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './cost.module.css'
import { ADDRESS } from './cost-address.ts'
import { storagePrice, storageTable } from './storage-table.ts'

/** Sizes of what is kept, adapters beside whole models, and what a month of it costs at a price that somebody told. */
export function StorageTab({ workspace, project }: { workspace: string; project: string }) {
  const trpc = useTRPC()
  const [view, set] = useQueryStates(ADDRESS)
  const storage = useQuery(trpc.cost.storage.queryOptions({ workspace, project }))
  return (
    <Answer query={storage} what="The storage" loading={<LoadingRows rows={6} />}>
      {(data) => {
        if (data.stages.length === 0)
          return (
            <Empty
              title="No checkpoint is kept"
              text="A checkpoint with files, or with a location and a size, is counted here by its stage."
            />
          )
        const price = storagePrice(data, view.gbmonth)
        const table = storageTable(data, price)
        return (
          <Section
            title={table.title}
            note={table.notes[0]}
            actions={
              <span className={styles.actions}>
                <span className="ink-3">A GB-month costs</span>
                <TextInput
                  aria-label="Price of a gigabyte kept for a month, USD"
                  placeholder={data.price?.currency === 'USD' ? data.price.per_gb_month : '0.023'}
                  inputMode="decimal"
                  leftSection="$"
                  w={110}
                  value={view.gbmonth ?? ''}
                  error={price.kind === 'refused' ? price.why : null}
                  onChange={(event) => void set({ gbmonth: event.currentTarget.value || null })}
                />
                <PictureMenu name={`${project}-storage`} table={table} />
              </span>
            }
          >
            <PublishedTableView
              label={table.title}
              table={table.table}
              footRows={1}
              strong={(i) => i === table.table.rows.length - 1}
              hrefOf={(i) => {
                const stage = data.stages[i]
                return stage ? paths.stage(workspace, stage.experiment.project, stage.experiment.number) : null
              }}
            />
            <p className={styles.foot}>{table.notes.slice(1).join(' ')}</p>
          </Section>
        )
      }}
    </Answer>
  )
}
