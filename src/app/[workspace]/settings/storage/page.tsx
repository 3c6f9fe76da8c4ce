import type { Metadata } from 'next'
import { requireViewer } from '../../../viewer.ts'
import { StorageView } from './storage-view.tsx'

export const metadata: Metadata = { title: 'Storage' }

export default async function StoragePage(props: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await props.params
  const viewer = await requireViewer(workspace)
  return <StorageView workspace={workspace} role={viewer.role} />
}
