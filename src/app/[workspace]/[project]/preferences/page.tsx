import type { Metadata } from 'next'
import { PreferencesView } from './preferences-view.tsx'

type Props = { params: Promise<{ workspace: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Preferences of ${(await params).project}` }
}

export default async function PreferencesPage({ params }: Props) {
  const { workspace, project } = await params
  return <PreferencesView workspace={workspace} project={project} />
}
