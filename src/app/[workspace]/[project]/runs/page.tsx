import type { Metadata } from 'next'
import { ROLE_PERMISSIONS } from '#src/core/roles/permissions.ts'
import { requireViewer } from '../../../viewer.ts'
import { RunsView } from './runs-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Runs of ${(await params).project}` }
}

export default async function RunsPage({ params }: Props) {
  const { workspace, project } = await params
  const viewer = await requireViewer(workspace)
  const mayDelete = ROLE_PERMISSIONS[viewer.role].includes('run:delete')
  return <RunsView workspace={workspace} project={project} mayDelete={mayDelete} />
}
