import { redirect } from 'next/navigation'
import { paths } from '#src/ui/paths.ts'

/** Settings begin with the keys. */
export default async function SettingsPage(props: { params: Promise<{ workspace: string }> }): Promise<never> {
  const { workspace } = await props.params
  redirect(paths.keys(workspace))
}
