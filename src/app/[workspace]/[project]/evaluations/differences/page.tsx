import type { Metadata } from 'next'
import { ForestScreen } from '#src/ui/forest/forest-screen.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Differences of ${(await params).project}` }
}

export default async function DifferencesPage({ params }: Props) {
  const { workspace, project } = await params
  return <ForestScreen workspace={workspace} project={project} />
}
