'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { paths } from '#src/ui/paths.ts'
import styles from './settings.module.css'

/** The pages of the settings, one line above each. */
export function SettingsTabs({ workspace }: { workspace: string }) {
  const pathname = usePathname()
  const nav = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is another tab
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [pathname])
  const tabs = [
    { word: 'Keys', href: paths.keys(workspace) },
    { word: 'Agent tokens', href: paths.agentTokens(workspace) },
    { word: 'Sessions', href: paths.sessions(workspace) },
    { word: 'Members', href: paths.members(workspace) },
    { word: 'Price book', href: paths.prices(workspace) },
    { word: 'Storage', href: paths.storage(workspace) },
    { word: 'Deleted runs', href: paths.deletedRuns(workspace) },
  ]
  return (
    <nav ref={nav} className={styles.tabs} aria-label="Settings">
      {tabs.map(({ word, href }) => (
        <Link key={href} className={styles.tab} href={href} aria-current={pathname === href ? 'page' : undefined}>
          {word}
        </Link>
      ))}
    </nav>
  )
}
