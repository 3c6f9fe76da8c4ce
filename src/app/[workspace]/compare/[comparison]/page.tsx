import type { Metadata } from 'next'
import { requireViewer } from '../../../viewer.ts'
import { ComparisonView } from './comparison-view.tsx'

export const metadata: Metadata = { title: 'Comparison' }

export default async function ComparisonPage({
  params,
}: {
  params: Promise<{ workspace: string; comparison: string }>
}) {
  const { workspace, comparison } = await params
  await requireViewer(workspace)
  return <ComparisonView workspace={workspace} comparison={comparison} />
}
