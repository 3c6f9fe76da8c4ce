'use client'
import type { MenuDropdownProps, MenuProps, Menu as Part } from '@mantine/core'
import { createContext, type ReactNode, useContext } from 'react'
import { FloatProvider, FloatTarget, type OpenState, useFloatState } from './float-anchor.tsx'
import { useFloats, useFloatsIfThere } from './floats.ts'
import { OpenFloat } from './open-float.tsx'

type Look = Pick<MenuProps, 'position' | 'width' | 'closeOnItemClick' | 'withInitialFocusPlaceholder'>
type Root = (props: Look & OpenState & { children: ReactNode }) => ReactNode

const LookContext = createContext<Look>({})

const MenuRoot: Root = ({ children, opened, onChange, onOpen, onClose, ...look }) => {
  useFloats()
  return (
    <FloatProvider value={useFloatState({ opened, onChange, onOpen, onClose })}>
      <LookContext value={look}>{children}</LookContext>
    </FloatProvider>
  )
}

const Target = ({ children }: { children: ReactNode }) => (
  <FloatTarget popup="menu" isToggle>
    {children}
  </FloatTarget>
)

const Dropdown = (props: MenuDropdownProps) => (
  <OpenFloat of={({ Menu }) => Menu} look={useContext(LookContext)} dropdown={props} />
)

type Lines = 'Item' | 'Label' | 'Divider' | 'CheckboxItem' | 'RadioGroup' | 'RadioItem'

/** A line of a menu, as Mantine has it: it is drawn inside of an open menu only, when the code is there. */
function Line({ of, ...props }: { of: Lines }) {
  const Mantine = useFloatsIfThere()?.Menu[of] as ((props: object) => ReactNode) | undefined
  return Mantine ? <Mantine {...props} /> : null
}

/** A menu that opens at its target. The target is there at once, the menu's own code when it is first needed. */
export const Menu = Object.assign(MenuRoot, {
  Target,
  Dropdown,
  Item: ((props: object) => <Line of="Item" {...props} />) as unknown as (typeof Part)['Item'],
  Label: ((props: object) => <Line of="Label" {...props} />) as unknown as (typeof Part)['Label'],
  Divider: ((props: object) => <Line of="Divider" {...props} />) as unknown as (typeof Part)['Divider'],
  CheckboxItem: ((props: object) => <Line of="CheckboxItem" {...props} />) as unknown as (typeof Part)['CheckboxItem'],
  RadioGroup: ((props: object) => <Line of="RadioGroup" {...props} />) as unknown as (typeof Part)['RadioGroup'],
  RadioItem: ((props: object) => <Line of="RadioItem" {...props} />) as unknown as (typeof Part)['RadioItem'],
})
