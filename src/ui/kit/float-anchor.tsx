'use client'
import { useMergedRef } from '@mantine/hooks'
import {
  Children,
  cloneElement,
  createContext,
  type ReactElement,
  type ReactNode,
  type Ref,
  type RefObject,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { preloadFloats } from './floats.ts'

/** What a menu or a popover is told about being open. */
export interface OpenState {
  opened?: boolean | undefined
  onChange?: ((opened: boolean) => void) | undefined
  onOpen?: (() => void) | undefined
  onClose?: (() => void) | undefined
}

/** A thing that opens at another: one of the two parts stands in the page, the other comes when it is first opened. */
export interface Float {
  id: string
  isOpen: boolean
  /** True once it was opened. */
  isWanted: boolean
  set: (to: boolean) => void
  node: RefObject<HTMLElement | null>
}

const Context = createContext<Float | null>(null)
export const FloatProvider = Context.Provider

/** @throws Error outside of a menu or a popover */
export function useFloat(): Float {
  const float = useContext(Context)
  if (!float) throw new Error('A target and a dropdown belong into a menu or a popover.')
  return float
}

export function useFloatState(given: OpenState): Float {
  const id = useId()
  const node = useRef<HTMLElement | null>(null)
  const [own, setOwn] = useState(false)
  const isOpen = given.opened ?? own
  const [isWanted, setWanted] = useState(isOpen)
  if (isOpen && !isWanted) setWanted(true)
  const set = (to: boolean) => {
    if (to === isOpen) return
    setOwn(to)
    given.onChange?.(to)
    if (to) given.onOpen?.()
    else given.onClose?.()
  }
  return { id, isOpen, isWanted, set, node }
}

interface TargetProps {
  id?: string
  ref?: Ref<HTMLElement>
  onClick?: (event: React.MouseEvent) => void
  onFocus?: (event: React.FocusEvent) => void
  onPointerEnter?: (event: React.PointerEvent) => void
}

/** What it opens at, as it stands in the page. `popup`: null where it tells readers itself. */
export function FloatTarget(props: { popup: 'menu' | 'dialog' | null; isToggle: boolean; children: ReactNode }) {
  const { id, isOpen, set, node } = useFloat()
  const child = Children.only(props.children) as ReactElement<TargetProps>
  const { onClick, onFocus, onPointerEnter, ref } = child.props
  const merged = useMergedRef<HTMLElement>(node, ref)
  const words = props.popup && {
    id,
    'aria-haspopup': props.popup,
    'aria-expanded': isOpen,
    'aria-controls': isOpen ? `${id}-dropdown` : undefined,
  }
  return cloneElement(child, {
    ...words,
    ref: merged,
    onClick: (event: React.MouseEvent) => {
      onClick?.(event)
      if (props.isToggle) set(!isOpen)
    },
    onFocus: (event: React.FocusEvent) => {
      preloadFloats()
      onFocus?.(event)
    },
    onPointerEnter: (event: React.PointerEvent) => {
      preloadFloats()
      onPointerEnter?.(event)
    },
  } as TargetProps)
}

/** Stands for the target where the part that came later looks for it; found anew each time it opens. */
export function FloatAnchor({ ref }: { ref?: Ref<HTMLElement> }) {
  const { node, isOpen } = useFloat()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element may be another one the next time
  useLayoutEffect(() => {
    if (typeof ref !== 'function') return
    const clean = ref(node.current)
    return typeof clean === 'function' ? clean : () => void ref(null)
  }, [ref, node, isOpen])
  return null
}

/** False for the first moment: what opens after that remembers what had the focus. */
export function useSettled(): boolean {
  const [isSettled, setSettled] = useState(false)
  useEffect(() => setSettled(true), [])
  return isSettled
}
