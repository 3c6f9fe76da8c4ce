'use client'
import type { ComponentType, ReactNode } from 'react'
import { type LoadedPart, loadPart } from './load-part.ts'
import { MissingPart } from './missing-part.tsx'

/** A part of a page whose code comes behind it. */
export type LaterPart<P> = ((props: P) => ReactNode) & Pick<LoadedPart<unknown>, 'preload'>

/** What stands in the place of a part, of its final size. */
export type Meanwhile<P> = ReactNode | ((props: P) => ReactNode)

/**
 * The part once its code is there, which it is asked for when it is first drawn. `meanwhile` holds its place, which says so where the
 * code did not come; for a part without a place the foot of the page says it.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  meanwhile: Meanwhile<P> = null,
): LaterPart<P> {
  const part = loadPart(load)
  return Object.assign(
    (props: P) =>
      meanwhile === null ? (
        <Alone part={part} given={props} />
      ) : (
        <InPlace part={part} given={props} meanwhile={meanwhile} />
      ),
    { preload: part.preload },
  )
}

interface Drawn<P> {
  part: LoadedPart<ComponentType<P>>
  given: P
}

function Alone<P extends object>({ part, given }: Drawn<P>): ReactNode {
  const Part = part.use()
  return Part ? <Part {...given} /> : null
}

function InPlace<P extends object>({ part, given, meanwhile }: Drawn<P> & { meanwhile: Meanwhile<P> }): ReactNode {
  const { part: Part, retry } = part.useHere()
  if (Part) return <Part {...given} />
  if (retry) return <MissingPart retry={retry} />
  return typeof meanwhile === 'function' ? meanwhile(given) : meanwhile
}
