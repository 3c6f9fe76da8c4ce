import type { Metadata } from 'next'
import { ROLE_PERMISSIONS } from '#src/core/roles/permissions.ts'
import { requireViewer } from '../../../../viewer.ts'
import { AddResultsView } from './add-results-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Add results to ${(await params).project}` }
}

export default async function AddResultsPage({ params }: Props) {
  const { workspace, project } = await params
  const viewer = await requireViewer(workspace)
  const mayWrite = ROLE_PERMISSIONS[viewer.role].includes('eval:write')
  return <AddResultsView workspace={workspace} project={project} mayWrite={mayWrite} />
}
