import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ROLE_PERMISSIONS } from '#src/core/roles/permissions.ts'
import { requireViewer } from '../../../../viewer.ts'
import { StageView } from './stage-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string; number: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { number, project } = await params
  return { title: `Stage ${Number(number)} of ${project}` }
}

export default async function StageRoute({ params }: Props) {
  const { workspace, project, number } = await params
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound()
  const viewer = await requireViewer(workspace)
  const permissions = ROLE_PERMISSIONS[viewer.role]
  return (
    <StageView
      workspace={workspace}
      project={project}
      number={Number(number)}
      mayWrite={permissions.includes('experiment:write')}
      mayDelete={permissions.includes('run:delete')}
    />
  )
}
