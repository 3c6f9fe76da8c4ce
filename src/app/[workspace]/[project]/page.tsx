import type { Metadata } from 'next'
import { requireProject } from '../../viewer.ts'
import { LineageView } from './lineage-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { workspace, project } = await params
  return { title: `Lineage of ${(await requireProject(workspace, project)).name}` }
}

export default async function LineagePage({ params }: Props) {
  const { workspace, project } = await params
  await requireProject(workspace, project)
  return <LineageView workspace={workspace} project={project} />
}
