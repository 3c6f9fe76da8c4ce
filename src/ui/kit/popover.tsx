'use client'
import type { PopoverDropdownProps, PopoverProps } from '@mantine/core'
import { createContext, type ReactNode, useContext } from 'react'
import { FloatProvider, FloatTarget, type OpenState, useFloatState } from './float-anchor.tsx'
import { useFloats } from './floats.ts'
import { OpenFloat } from './open-float.tsx'

type Look = Pick<PopoverProps, 'position' | 'width' | 'offset' | 'shadow' | 'trapFocus' | 'returnFocus' | 'withRoles'>
/** Told whether it is open, it leaves to its target what a press does. */
type Root = (props: Look & OpenState & { children: ReactNode }) => ReactNode

interface Own {
  look: Look
  isTold: boolean
}

const OwnContext = createContext<Own>({ look: {}, isTold: false })

const PopoverRoot: Root = ({ children, opened, onChange, onOpen, onClose, ...look }) => {
  useFloats()
  return (
    <FloatProvider value={useFloatState({ opened, onChange, onOpen, onClose })}>
      <OwnContext value={{ look, isTold: opened !== undefined }}>{children}</OwnContext>
    </FloatProvider>
  )
}

function Target({ children }: { children: ReactNode }) {
  const { look, isTold } = useContext(OwnContext)
  return (
    <FloatTarget popup={look.withRoles === false ? null : 'dialog'} isToggle={!isTold}>
      {children}
    </FloatTarget>
  )
}

const Dropdown = (props: PopoverDropdownProps) => (
  <OpenFloat of={({ Popover }) => Popover} look={useContext(OwnContext).look} dropdown={props} />
)

/** A box that opens at its target. The target is there at once, the box's own code when it is first needed. */
export const Popover = Object.assign(PopoverRoot, { Target, Dropdown })
