'use client'
import { useParams } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import { ConnectionBanner } from '#src/ui/connection/connection-banner.tsx'
import { Glossary } from '#src/ui/glossary/glossary.tsx'
import { KeyGuard } from '#src/ui/keys/key-guard.tsx'
import { KeyList } from '#src/ui/keys/key-list.tsx'
import { MissingBar } from '#src/ui/kit/missing-part.tsx'
import { Notices } from '#src/ui/kit/notices.tsx'
import { RefusedField } from '#src/ui/kit/refused-field.tsx'
import { RecentMenu } from '#src/ui/recent/recent-menu.tsx'
import { PaletteButton } from '#src/ui/search/palette-button.tsx'
import { AccountMenu } from './account-menu.tsx'
import { BottomBar } from './bottom-bar.tsx'
import { Breadcrumbs } from './breadcrumbs.tsx'
import { LiveState } from './live-state.tsx'
import { PageStateProvider } from './page-state.tsx'
import { Rail } from './rail.tsx'
import styles from './shell.module.css'

/** The frame of every page of a workspace: rail, top line, page; on a phone a bar at the foot instead of the rail. */
export function Shell(props: { workspace: string; user: { name: string; role: string }; children: ReactNode }) {
  const params = useParams<{ project?: string }>()
  const project = typeof params.project === 'string' ? decodeURIComponent(params.project) : null
  useEffect(() => {
    // For profiles, and for the bench: from here on the page answers.
    performance.mark('page interactive')
  }, [])
  return (
    <PageStateProvider>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <Rail workspace={props.workspace} project={project} />
      <header className={styles.topLine}>
        <Breadcrumbs />
        <PaletteButton workspace={props.workspace} project={project} />
        <RecentMenu workspace={props.workspace} />
        <LiveState />
        <AccountMenu name={props.user.name} role={props.user.role} />
      </header>
      <main id="main" className={styles.main} tabIndex={-1}>
        {props.children}
      </main>
      <ConnectionBanner />
      <MissingBar />
      <BottomBar workspace={props.workspace} project={project} />
      <RefusedField />
      <Notices />
      <KeyGuard />
      <KeyList />
      <Glossary />
    </PageStateProvider>
  )
}
