import type { Metadata } from 'next'
import { RetentionView } from './retention-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Retention of ${(await params).project}` }
}

export default async function RetentionPage({ params }: Props) {
  const { workspace, project } = await params
  return <RetentionView workspace={workspace} project={project} />
}
