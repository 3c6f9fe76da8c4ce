import type { Metadata } from 'next'
import { requireViewer } from '../../../viewer.ts'
import { AgentTokensView } from './agent-tokens-view.tsx'

export const metadata: Metadata = { title: 'Agent tokens' }

export default async function AgentTokensPage(props: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await props.params
  const viewer = await requireViewer(workspace)
  return <AgentTokensView workspace={workspace} role={viewer.role} />
}
