import type { Metadata } from 'next'
import { requireViewer } from '../../viewer.ts'
import { AgentsView } from './agents-view.tsx'

export const metadata: Metadata = { title: 'Agents' }

export default async function AgentsPage(props: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await props.params
  const viewer = await requireViewer(workspace)
  return <AgentsView workspace={workspace} role={viewer.role} />
}
