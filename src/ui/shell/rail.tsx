'use client'
import { usePathname } from 'next/navigation'
import { PlaceLink } from '#src/ui/kit/place-link.tsx'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { paths } from '#src/ui/paths.ts'
import { currentDestination, destinations } from './destinations.ts'
import { Mark } from './mark.tsx'
import styles from './shell.module.css'

/** The narrow rail at the left: one icon a destination, its word on hover and for readers; settings at the foot. */
export function Rail({ workspace, project }: { workspace: string; project: string | null }) {
  const current = currentDestination(usePathname())
  return (
    <nav className={styles.rail} aria-label="Main">
      <PlaceLink className={styles.railMark} href={paths.workspace(workspace)} aria-label="Descent, all projects">
        <Mark />
      </PlaceLink>
      {destinations(workspace, project).map(({ key, word, href, Icon }) => (
        <Tooltip key={key} label={word} side="right">
          <PlaceLink
            className={styles.railItem}
            data-foot={key === 'settings' || undefined}
            href={href}
            aria-label={word}
            aria-current={key === current ? 'page' : undefined}
          >
            <Icon size={18} strokeWidth={1.75} aria-hidden />
          </PlaceLink>
        </Tooltip>
      ))}
    </nav>
  )
}
