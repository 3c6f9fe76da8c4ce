import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { paths } from '#src/ui/paths.ts'
import { requireProject, requireViewer } from '../../../viewer.ts'
import { ProvenanceView } from './provenance-view.tsx'

interface Props {
  params: Promise<{ workspace: string; checkpoint: string }>
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: `Checkpoint ${(await props.params).checkpoint.slice(0, 8)}` }
}

export default async function CheckpointPage(props: Props) {
  const { workspace, checkpoint } = await props.params
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(checkpoint)) {
    // A page of a project that was once called so: its old name leads to it.
    const { slug } = await requireProject(workspace, 'checkpoints')
    if (slug === 'checkpoints') notFound()
    redirect(`${paths.lineage(workspace, slug)}/${encodeURIComponent(checkpoint)}`)
  }
  await requireViewer(workspace)
  return <ProvenanceView workspace={workspace} checkpoint={checkpoint} />
}
