import type { Metadata } from 'next'
import { PublishView } from './publish-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Publish ${(await params).project}` }
}

export default async function PublishPage({ params }: Props) {
  const { workspace, project } = await params
  return <PublishView workspace={workspace} project={project} />
}
