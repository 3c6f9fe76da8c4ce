import type { Metadata } from 'next'
import { requireViewer } from '../viewer.ts'
import { ProjectsView } from './projects-view.tsx'

export const metadata: Metadata = { title: 'Projects' }

export default async function ProjectsPage(props: { params: Promise<{ workspace: string }> }) {
  const { workspace } = await props.params
  const viewer = await requireViewer(workspace)
  return <ProjectsView workspace={workspace} role={viewer.role} />
}
