import type { Metadata } from 'next'
import { EvaluationsView } from './evaluations-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Evaluations of ${(await params).project}` }
}

export default async function EvaluationsPage({ params }: Props) {
  const { workspace, project } = await params
  return <EvaluationsView workspace={workspace} project={project} />
}
