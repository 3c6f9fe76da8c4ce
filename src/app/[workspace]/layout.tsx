import type { ReactNode } from 'react'
import { Shell } from '#src/ui/shell/shell.tsx'
import { requireViewer } from '../viewer.ts'

export default async function WorkspaceLayout(props: { params: Promise<{ workspace: string }>; children: ReactNode }) {
  const { workspace } = await props.params
  const viewer = await requireViewer(workspace)
  return (
    <Shell workspace={viewer.workspace.slug} user={{ name: viewer.name, role: viewer.role }}>
      {props.children}
    </Shell>
  )
}
