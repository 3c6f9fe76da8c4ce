import type { Metadata } from 'next'
import { requireViewer } from '../../../viewer.ts'
import { DeletedRunsView } from './deleted-runs-view.tsx'

export const metadata: Metadata = { title: 'Deleted runs' }

export default async function DeletedRunsPage(props: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await props.params
  const viewer = await requireViewer(workspace)
  return <DeletedRunsView workspace={workspace} role={viewer.role} />
}
