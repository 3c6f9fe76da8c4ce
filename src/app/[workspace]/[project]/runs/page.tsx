import type { Metadata } from 'next'
import { ROLE_PERMISSIONS } from '#src/core/roles/permissions.ts'
import { RUN_STATES } from '#src/core/runs/states.ts'
import { listFirstRuns, requireViewer } from '../../../viewer.ts'
import { RUNS_PAGE_ROWS } from './page-rows.ts'
import { RunsView } from './runs-view.tsx'

type Words = Record<string, string | string[] | undefined>
type Props = { params: Promise<{ workspace: string; project: string }>; searchParams: Promise<Words> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Runs of ${(await params).project}` }
}

export default async function RunsPage({ params, searchParams }: Props) {
  const { workspace, project } = await params
  const words = await searchParams
  const viewer = await requireViewer(workspace)
  const mayDelete = ROLE_PERMISSIONS[viewer.role].includes('run:delete')
  const filter = {
    stage: /^[1-9]\d{0,8}$/.test(String(words.stage)) ? Number(words.stage) : null,
    state: RUN_STATES.find((state) => state === words.state) ?? null,
  }
  const page = await listFirstRuns(workspace, project, { ...filter, limit: RUNS_PAGE_ROWS })
  return <RunsView workspace={workspace} project={project} mayDelete={mayDelete} first={page && { ...filter, page }} />
}
