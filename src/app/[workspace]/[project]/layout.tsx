import type { ReactNode } from 'react'
import { requireProject } from '../../viewer.ts'

/** Every page of a project asks here whether the project is there for its visitor. */
export default async function ProjectLayout(props: {
  params: Promise<{ workspace: string; project: string }>
  children: ReactNode
}) {
  const { workspace, project } = await props.params
  await requireProject(workspace, project)
  return props.children
}
