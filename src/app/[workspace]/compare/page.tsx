import type { Metadata } from 'next'
import { requireViewer } from '../../viewer.ts'
import { ComparisonsView } from './comparisons-view.tsx'

export const metadata: Metadata = { title: 'Comparisons' }

export default async function ComparisonsPage({ params }: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await params
  await requireViewer(workspace)
  return <ComparisonsView workspace={workspace} />
}
