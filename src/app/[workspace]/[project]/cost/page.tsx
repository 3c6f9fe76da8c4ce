import type { Metadata } from 'next'
import { ROLE_PERMISSIONS } from '#src/core/roles/permissions.ts'
import { requireViewer } from '../../../viewer.ts'
import { CostView } from './cost-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Cost of ${(await params).project}` }
}

export default async function CostPage({ params }: Props) {
  const { workspace, project } = await params
  const viewer = await requireViewer(workspace)
  const mayWrite = ROLE_PERMISSIONS[viewer.role].includes('cost:write')
  return <CostView workspace={workspace} project={project} mayWrite={mayWrite} />
}
