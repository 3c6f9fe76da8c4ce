import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ROLE_PERMISSIONS } from '#src/core/roles/permissions.ts'
import { requireViewer } from '../../../../../viewer.ts'
import { DecisionView } from './decision-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string; number: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { number, project } = await params
  return { title: `Decision on stage ${Number(number)} of ${project}` }
}

export default async function DecisionRoute({ params }: Props) {
  const { workspace, project, number } = await params
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound()
  const viewer = await requireViewer(workspace)
  const mayWrite = ROLE_PERMISSIONS[viewer.role].includes('note:write')
  return <DecisionView workspace={workspace} project={project} number={Number(number)} mayWrite={mayWrite} />
}
