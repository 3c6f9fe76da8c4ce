'use client'
import { Ellipsis } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Menu } from '#src/ui/kit/menu.tsx'
import { PlaceLink } from '#src/ui/kit/place-link.tsx'
import { HelpItems, SignOutItem, ThemeItems } from './account-menu.tsx'
import { currentDestination, type Destination, destinations } from './destinations.ts'
import styles from './shell.module.css'

const IN_THE_BAR = 4

/** The phone's bar at the foot: four destinations, the rest with theme and sign-out under "More". */
export function BottomBar({ workspace, project }: { workspace: string; project: string | null }) {
  const current = currentDestination(usePathname())
  const all = destinations(workspace, project)
  const ranked =
    project === null ? all : [...all.filter((d) => d.key !== 'projects'), ...all.filter((d) => d.key === 'projects')]
  const rest = ranked.slice(IN_THE_BAR)
  return (
    <nav className={styles.bottomBar} aria-label="Main">
      {ranked.slice(0, IN_THE_BAR).map(({ key, short, href, Icon }) => (
        <PlaceLink
          key={key}
          className={styles.bottomItem}
          href={href}
          aria-current={key === current ? 'page' : undefined}
        >
          <Icon size={18} strokeWidth={1.75} aria-hidden />
          {short}
        </PlaceLink>
      ))}
      <More rest={rest} current={current} />
    </nav>
  )
}

function More({ rest, current }: { rest: readonly Destination[]; current: Destination['key'] }) {
  return (
    <Menu position="top-end" width={220}>
      <Menu.Target>
        <button
          type="button"
          className={styles.bottomItem}
          data-current={rest.some((d) => d.key === current) || undefined}
        >
          <Ellipsis size={18} strokeWidth={1.75} aria-hidden />
          More
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {rest.map(({ key, word, href, Icon }) => (
          <Menu.Item
            key={key}
            component={Link}
            href={href}
            leftSection={<Icon size={16} strokeWidth={1.75} aria-hidden />}
          >
            {word}
          </Menu.Item>
        ))}
        <ThemeItems />
        <Menu.Divider />
        <HelpItems />
        <SignOutItem />
      </Menu.Dropdown>
    </Menu>
  )
}
