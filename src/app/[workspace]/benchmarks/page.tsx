import type { Metadata } from 'next'
import { requireViewer } from '../../viewer.ts'
import { BenchmarksView } from './benchmarks-view.tsx'

export const metadata: Metadata = { title: 'Benchmarks' }

export default async function BenchmarksPage(props: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await props.params
  await requireViewer(workspace)
  return <BenchmarksView workspace={workspace} />
}
