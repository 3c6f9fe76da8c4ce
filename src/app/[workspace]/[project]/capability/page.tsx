import type { Metadata } from 'next'
import { CapabilityView } from './capability-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Capability of ${(await params).project}` }
}

export default async function CapabilityPage({ params }: Props) {
  const { workspace, project } = await params
  return <CapabilityView workspace={workspace} project={project} />
}
