'use client'
import Link from 'next/link'
import { type ComponentProps, useState } from 'react'

/**
 * A link that stands on every page. Where it leads is fetched when someone is about to go there: a dozen of them would be fetched
 * with each page, just when the page asks for its own.
 */
export function PlaceLink(props: Omit<ComponentProps<typeof Link>, 'prefetch' | 'onPointerEnter' | 'onFocus'>) {
  const [isNext, setIsNext] = useState(false)
  const near = () => setIsNext(true)
  return <Link {...props} prefetch={isNext ? null : false} onPointerEnter={near} onFocus={near} />
}
