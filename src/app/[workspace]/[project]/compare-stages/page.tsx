import type { Metadata } from 'next'
import { CompareStagesView } from './compare-stages-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Compare stages of ${(await params).project}` }
}

export default async function CompareStagesPage({ params }: Props) {
  const { workspace, project } = await params
  return <CompareStagesView workspace={workspace} project={project} />
}
