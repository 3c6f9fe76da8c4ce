import type { Metadata } from 'next'
import { requireViewer } from '../../../viewer.ts'
import { DraftView } from './draft-view.tsx'

export const metadata: Metadata = { title: 'New comparison' }

export default async function NewComparisonPage({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params
  await requireViewer(workspace)
  return <DraftView workspace={workspace} />
}
