import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Uid } from '#src/protocol/words.ts'
import { FrozenView } from './frozen-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string; table: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Frozen table of ${(await params).project}` }
}

export default async function FrozenTableRoute({ params }: Props) {
  const { workspace, project, table } = await params
  const id = Uid.safeParse(table)
  if (!id.success) notFound()
  return <FrozenView workspace={workspace} project={project} table={id.data} />
}
