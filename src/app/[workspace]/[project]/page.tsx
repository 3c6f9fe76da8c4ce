import type { Metadata } from 'next'
import { ROLE_PERMISSIONS } from '#src/core/roles/permissions.ts'
import { requireProject, requireViewer } from '../../viewer.ts'
import { LineageView } from './lineage-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { workspace, project } = await params
  return { title: `Lineage of ${(await requireProject(workspace, project)).name}` }
}

export default async function LineagePage({ params }: Props) {
  const { workspace, project } = await params
  await requireProject(workspace, project)
  const { role } = await requireViewer(workspace)
  const mayWrite = ROLE_PERMISSIONS[role].includes('lineage:link')
  return <LineageView workspace={workspace} project={project} mayWrite={mayWrite} />
}
