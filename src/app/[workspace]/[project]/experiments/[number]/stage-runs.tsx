'use client'
import { Skeleton } from '@mantine/core'
import Link from 'next/link'
import { useMemo } from 'react'
import type { StagePage } from '#src/protocol/lineage.ts'
import { later } from '#src/ui/kit/later.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { WhenNear } from '#src/ui/kit/when-near.tsx'
import { paths } from '#src/ui/paths.ts'
import { listHeight } from '#src/ui/run-table/row-heights.ts'
import { usualColumns } from '#src/ui/run-table/usual-columns.ts'
import type { StagePlace } from './stage-place.ts'
import { stageSearch } from './stage-search.ts'

const heldPlace = (all: number) => <Skeleton height={listHeight(all)} radius={0} />

const RunList = later(
  () => import('#src/ui/run-table/run-list.tsx').then((file) => file.RunList),
  ({ within }) => heldPlace(within.all),
)

/** The runs of the stage in the table of the runs page. */
export function StageRuns({
  page,
  workspace,
  project,
  mayWrite,
  mayDelete,
}: StagePlace & { page: StagePage; mayWrite: boolean; mayDelete: boolean }) {
  const { runs, card } = page
  const lossKeys = runs.map(({ loss_key }) => loss_key ?? '').join('\n')
  const usual = useMemo(() => usualColumns(lossKeys.split('\n')), [lossKeys])
  // Those that only measured stand in the table, too; a card counts those that trained.
  const all = Math.max(card.runs, runs.length)
  const q = stageSearch(
    page.experiment.slug,
    runs.map(({ number }) => number),
  )
  return (
    <Section
      title="Runs"
      note={String(all)}
      actions={
        <Link className="link" href={`${paths.runs(workspace, project)}?${new URLSearchParams({ q })}`}>
          In the runs table
        </Link>
      }
    >
      <WhenNear meanwhile={heldPlace(all)}>
        <RunList
          workspace={workspace}
          project={project}
          within={{ q, all, whole: 'this stage' }}
          usual={usual}
          may={{ write: mayWrite, delete: mayDelete }}
        />
      </WhenNear>
    </Section>
  )
}
