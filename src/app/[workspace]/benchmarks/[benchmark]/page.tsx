import type { Metadata } from 'next'
import { requireViewer } from '../../../viewer.ts'
import { BenchmarkView } from './benchmark-view.tsx'

interface Props {
  params: Promise<{ workspace: string; benchmark: string }>
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await props.params).benchmark) }
}

export default async function BenchmarkPage(props: Props) {
  const { workspace, benchmark } = await props.params
  const viewer = await requireViewer(workspace)
  return <BenchmarkView workspace={workspace} benchmark={decodeURIComponent(benchmark)} role={viewer.role} />
}
