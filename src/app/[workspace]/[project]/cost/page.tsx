import type { Metadata } from 'next'
import { CostView } from './cost-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Cost of ${(await params).project}` }
}

export default async function CostPage({ params }: Props) {
  const { workspace, project } = await params
  return <CostView workspace={workspace} project={project} />
}
