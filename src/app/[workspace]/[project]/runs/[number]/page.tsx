import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ROLE_PERMISSIONS } from '#src/core/roles/permissions.ts'
import { requireViewer } from '../../../../viewer.ts'
import { MovedOn } from './moved-on.tsx'
import { RunView } from './run-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string; number: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { number, project } = await params
  return { title: `Run ${Number(number)} of ${project}` }
}

export default async function RunPage({ params }: Props) {
  const { workspace, project, number } = await params
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound()
  const viewer = await requireViewer(workspace)
  const may = ROLE_PERMISSIONS[viewer.role]
  const place = { workspace, project, number: Number(number) }
  return (
    <>
      <RunView
        {...place}
        mayWrite={may.includes('run:write')}
        mayDelete={may.includes('run:delete')}
        mayNote={may.includes('note:write')}
      />
      <MovedOn {...place} />
    </>
  )
}
