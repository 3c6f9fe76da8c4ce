import type { Metadata } from 'next'
import { headers } from 'next/headers'
import Link from 'next/link'
import { notFound, redirect } from 'next/navigation'
import { getHost } from '#src/api/host.ts'
import { readCurvePlace } from '#src/core/checkpoints/nearest-checkpoint.ts'
import { Empty } from '#src/ui/kit/empty.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { paths } from '#src/ui/paths.ts'
import { isNotFound, requireViewer } from '../../../../../viewer.ts'

interface Props {
  params: Promise<{ workspace: string; project: string; number: string }>
  searchParams: Promise<{ step?: string | string[]; tokens?: string | string[] }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Checkpoint of run ${Number((await params).number)}` }
}

/** Leads from a place of a run's curves to the nearest checkpoint; without a place to the first. Only a run without checkpoints stays here. */
export default async function NearestCheckpointPage({ params, searchParams }: Props) {
  const { workspace, project, number } = await params
  const { step, tokens } = await searchParams
  const place = readCurvePlace({ step, tokens })
  if (!/^[1-9]\d{0,8}$/.test(number) || place === null) notFound()
  await requireViewer(workspace)
  const caller = await getHost().caller(await headers())
  const found = await caller.checkpoints
    .nearest({ workspace, project, run: Number(number), ...place })
    .catch((error: unknown) => (isNotFound(error) ? notFound() : Promise.reject(error)))
  if (found.checkpoint) redirect(paths.checkpoint(workspace, found.checkpoint.id))
  const run = paths.run(workspace, project, Number(number))
  return (
    <Page>
      <PageHead title={`Checkpoint of run #${Number(number)}`} />
      <Empty
        title="This run saved no checkpoint"
        text="A checkpoint is saved by descent.log_checkpoint(path, step); from then on this address leads to the one nearest to the step."
      >
        <Link className="link" href={run}>
          Back to the run
        </Link>
      </Empty>
    </Page>
  )
}
