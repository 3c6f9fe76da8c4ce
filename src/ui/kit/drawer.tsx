'use client'
import type { DrawerProps, Drawer as Part } from '@mantine/core'
import { useState } from 'react'
import { useSettled } from './float-anchor.tsx'
import { useFloats, useOpenFloats } from './floats.ts'
import { useFocusBack } from './focus-back.ts'

/** A sheet at an edge of the window; its code comes behind the page, or when it is first opened. */
export function Drawer(props: DrawerProps) {
  useFloats()
  useFocusBack(props.opened)
  const [isWanted, setWanted] = useState(props.opened)
  if (props.opened && !isWanted) setWanted(true)
  return isWanted ? <Opened {...props} /> : null
}

function Opened(props: DrawerProps) {
  const parts = useOpenFloats()
  return parts ? <Inside of={parts.Drawer} {...props} /> : null
}

function Inside({ of: Mantine, ...props }: DrawerProps & { of: typeof Part }) {
  const isSettled = useSettled()
  return <Mantine {...props} opened={isSettled && props.opened} />
}
