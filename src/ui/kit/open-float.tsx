'use client'
import type { ComponentType, ReactNode } from 'react'
import { FloatAnchor, useFloat, useSettled } from './float-anchor.tsx'
import { useOpenFloats } from './floats.ts'

/** A menu or a popover of Mantine, whose dropdown takes `D`. */
interface MantineFloat<D> {
  (props: { id: string; opened: boolean; onChange: (opened: boolean) => void; children: ReactNode }): ReactNode
  Target: ComponentType<{ children: ReactNode }>
  Dropdown: ComponentType<D>
}

interface OpenFloatProps<D> {
  /** Takes it from what was loaded. */
  of: (parts: NonNullable<ReturnType<typeof useOpenFloats>>) => unknown
  /** Where and how it opens, as Mantine takes it. */
  look: object
  dropdown: D
}

/** What opens at a target of the page: nothing until it is first opened, then Mantine's part, which finds its target there. */
export function OpenFloat<D extends object>(props: OpenFloatProps<D>) {
  return useFloat().isWanted ? <Wanted {...props} /> : null
}

function Wanted<D extends object>({ of, look, dropdown }: OpenFloatProps<D>) {
  const parts = useOpenFloats()
  return parts ? <Inside part={of(parts) as MantineFloat<D>} look={look} dropdown={dropdown} /> : null
}

function Inside<D extends object>(props: { part: MantineFloat<D>; look: object; dropdown: D }) {
  const { part: Mantine, look, dropdown } = props
  const { id, isOpen, set } = useFloat()
  const isSettled = useSettled()
  return (
    <Mantine {...look} id={id} opened={isSettled && isOpen} onChange={set}>
      <Mantine.Target>
        <FloatAnchor />
      </Mantine.Target>
      <Mantine.Dropdown {...dropdown} />
    </Mantine>
  )
}
