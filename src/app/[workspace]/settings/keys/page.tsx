import type { Metadata } from 'next'
import { requireViewer } from '../../../viewer.ts'
import { KeysView } from './keys-view.tsx'

export const metadata: Metadata = { title: 'Keys' }

export default async function KeysPage(props: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await props.params
  const viewer = await requireViewer(workspace)
  return <KeysView workspace={workspace} role={viewer.role} />
}
