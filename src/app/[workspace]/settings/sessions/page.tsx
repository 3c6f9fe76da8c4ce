import type { Metadata } from 'next'
import { requireViewer } from '../../../viewer.ts'
import { SessionsView } from './sessions-view.tsx'

export const metadata: Metadata = { title: 'Sessions' }

export default async function SessionsPage(props: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await props.params
  await requireViewer(workspace)
  return <SessionsView />
}
