import type { ReactNode } from 'react'
import { Page } from '#src/ui/kit/page-head.tsx'
import { SettingsTabs } from './settings-tabs.tsx'

export default async function SettingsLayout(props: { params: Promise<{ workspace: string }>; children: ReactNode }) {
  const { workspace } = await props.params
  return (
    <Page>
      <SettingsTabs workspace={workspace} />
      {props.children}
    </Page>
  )
}
