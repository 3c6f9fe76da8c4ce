import type { Metadata } from 'next'
import { requireViewer } from '../../../viewer.ts'
import { MembersView } from './members-view.tsx'

export const metadata: Metadata = { title: 'Members' }

export default async function MembersPage(props: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await props.params
  await requireViewer(workspace)
  return <MembersView workspace={workspace} />
}
