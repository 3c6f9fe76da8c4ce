'use client'
import { ChevronRight } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { Fragment } from 'react'
import { PlaceLink } from '#src/ui/kit/place-link.tsx'
import { crumbsOf } from './crumbs-of.ts'
import { usePageState } from './page-state.tsx'
import styles from './shell.module.css'

/** Where one is, from the address; the last name comes from the page once it is known. */
export function Breadcrumbs() {
  const crumbs = crumbsOf(usePathname())
  const name = usePageState()?.crumb ?? null
  const last = crumbs.length - 1
  return (
    <nav aria-label="Breadcrumbs" className={styles.crumbs}>
      {crumbs.map((crumb, i) => (
        <Fragment key={crumb.href}>
          {i > 0 ? <ChevronRight className={styles.crumbMark} size={14} strokeWidth={1.75} aria-hidden /> : null}
          {i === last ? (
            <span className={styles.crumbLast} aria-current="page">
              {name ?? crumb.word}
            </span>
          ) : (
            <PlaceLink className={styles.crumb} href={crumb.href}>
              {crumb.word}
            </PlaceLink>
          )}
        </Fragment>
      ))}
    </nav>
  )
}
