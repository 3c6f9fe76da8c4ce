'use client'
import type { ModalProps, Modal as Part } from '@mantine/core'
import { useState } from 'react'
import { useSettled } from './float-anchor.tsx'
import { useFloats, useOpenFloats } from './floats.ts'
import { useFocusBack } from './focus-back.ts'

/** A dialog above the page; its code comes behind the page, or when it is first opened. */
export function Modal(props: ModalProps) {
  useFloats()
  useFocusBack(props.opened)
  const [isWanted, setWanted] = useState(props.opened)
  if (props.opened && !isWanted) setWanted(true)
  return isWanted ? <Opened {...props} /> : null
}

function Opened(props: ModalProps) {
  const parts = useOpenFloats()
  return parts ? <Inside of={parts.Modal} {...props} /> : null
}

function Inside({ of: Mantine, ...props }: ModalProps & { of: typeof Part }) {
  const isSettled = useSettled()
  return <Mantine {...props} opened={isSettled && props.opened} />
}
