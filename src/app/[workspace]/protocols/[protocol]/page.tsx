import type { Metadata } from 'next'
import { requireViewer } from '../../../viewer.ts'
import { ProtocolView } from './protocol-view.tsx'

interface Props {
  params: Promise<{ workspace: string; protocol: string }>
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: `Protocol ${(await props.params).protocol.slice(0, 8)}` }
}

export default async function ProtocolPage(props: Props) {
  const { workspace, protocol } = await props.params
  const viewer = await requireViewer(workspace)
  return <ProtocolView workspace={workspace} protocol={protocol} role={viewer.role} />
}
