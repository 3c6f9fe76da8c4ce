import type { Metadata } from 'next'
import { RunsView } from './runs-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Runs of ${(await params).project}` }
}

export default async function RunsPage({ params }: Props) {
  const { workspace, project } = await params
  return <RunsView workspace={workspace} project={project} />
}
