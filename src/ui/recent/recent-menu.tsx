'use client'
import { ActionIcon } from '@mantine/core'
import { History } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useEffect } from 'react'
import { Menu } from '#src/ui/kit/menu.tsx'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { crumbsOf } from '#src/ui/shell/crumbs-of.ts'
import { usePageState } from '#src/ui/shell/page-state.tsx'
import styles from './recent.module.css'
import { recordPlace, useRecentPlaces } from './recent-places.ts'

/** A name of its own comes with the page's data; what is left before that was only passed through. */
const SETTLED_MS = 800

/** The pages that were looked at last; notes the present one. */
export function RecentMenu({ workspace }: { workspace: string }) {
  const pathname = usePathname()
  const name = usePageState()?.crumb ?? null
  const places = useRecentPlaces(workspace)
  useEffect(() => {
    const timer = setTimeout(() => {
      const crumbs = crumbsOf(pathname)
      const last = crumbs.at(-1)
      if (!last) return
      const within = crumbs.slice(1, -1).map(({ word }) => word)
      recordPlace(workspace, { href: pathname, word: name ?? last.word, within: within.join(', ') })
    }, SETTLED_MS)
    return () => clearTimeout(timer)
  }, [workspace, pathname, name])
  const others = places.filter(({ href }) => href !== pathname)
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Tooltip label="Recent places">
          <ActionIcon variant="subtle" color="gray" size={30} aria-label="Recent places" className={styles.button}>
            <History size={16} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Recent places</Menu.Label>
        {others.length === 0 ? <p className={styles.none}>Pages that you open are listed here.</p> : null}
        {others.map(({ href, word, within }) => (
          <Menu.Item key={href} component={Link} href={href}>
            <span className={styles.place}>
              <span className={styles.word}>{word}</span>
              {within === '' ? null : <span className={styles.within}>{within}</span>}
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
