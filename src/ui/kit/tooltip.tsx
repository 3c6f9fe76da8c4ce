'use client'
import { useMergedRef } from '@mantine/hooks'
import {
  cloneElement,
  type ReactElement,
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { createPortal } from 'react-dom'
import { placeBeside } from './place-beside.ts'
import styles from './tooltip.module.css'

/** A pointer that rests on it for so long asks what it is, ms. */
const REST_MS = 300

interface TooltipProps {
  label: ReactNode
  side?: 'top' | 'right'
  /** It tells why something cannot be used: at once, and on focus and touch too. */
  isReason?: boolean
  /** Shown, wherever the pointer is. */
  opened?: boolean | undefined
  ref?: Ref<HTMLElement>
  children: ReactElement<{ ref?: Ref<HTMLElement>; 'aria-describedby'?: string }>
}

/** Words beside what the pointer rests on. Esc takes them away. What else is given to it goes to what it stands around. */
export function Tooltip({
  label,
  side = 'top',
  isReason = false,
  opened = false,
  ref,
  children,
  ...given
}: TooltipProps) {
  const id = useId()
  const target = useRef<HTMLElement>(null)
  const merged = useMergedRef<HTMLElement>(target, ref, children.props.ref)
  const isShown = useNear(target, isReason) || opened
  return (
    <>
      {cloneElement(children, {
        ...given,
        ref: merged,
        'aria-describedby': children.props['aria-describedby'] ?? (isShown ? id : undefined),
      } as object)}
      {isShown ? <Box id={id} target={target} side={side} label={label} /> : null}
    </>
  )
}

/** True while a pointer rests on it, or the keys' focus does. */
function useNear(target: RefObject<HTMLElement | null>, isReason: boolean): boolean {
  const [isNear, setNear] = useState(false)
  useEffect(() => {
    const node = target.current
    if (!node) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let isTouch = false
    const point = (event: PointerEvent) => {
      isTouch = event.pointerType === 'touch'
    }
    const come = () => {
      if (isTouch && !isReason) return
      clearTimeout(timer)
      timer = setTimeout(() => setNear(true), isReason ? 0 : REST_MS)
    }
    const leave = () => {
      clearTimeout(timer)
      setNear(false)
    }
    const focus = () => {
      if (isReason && node.matches(':focus-visible')) setNear(true)
    }
    const heard: [keyof HTMLElementEventMap, EventListener][] = [
      ['pointerenter', point as EventListener],
      ['mouseenter', come],
      ['mouseleave', leave],
      ['focus', focus],
      ['blur', leave],
    ]
    for (const [name, listener] of heard) node.addEventListener(name, listener)
    return () => {
      clearTimeout(timer)
      for (const [name, listener] of heard) node.removeEventListener(name, listener)
    }
  }, [target, isReason])
  useEffect(() => {
    if (!isNear) return
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setNear(false)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [isNear])
  return isNear
}

function Box(props: { id: string; target: RefObject<HTMLElement | null>; side: 'top' | 'right'; label: ReactNode }) {
  const { id, target, side, label } = props
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words are of another size
  useLayoutEffect(() => {
    const place = () => {
      if (!target.current || !box.current) return
      const { innerWidth: width, innerHeight: height } = window
      const at = placeBeside(
        target.current.getBoundingClientRect(),
        box.current.getBoundingClientRect(),
        { width, height },
        side,
      )
      box.current.style.left = `${at.left}px`
      box.current.style.top = `${at.top}px`
    }
    place()
    window.addEventListener('scroll', place, { capture: true, passive: true })
    window.addEventListener('resize', place)
    return () => {
      window.removeEventListener('scroll', place, { capture: true })
      window.removeEventListener('resize', place)
    }
  }, [target, side, label])
  return createPortal(
    <div ref={box} id={id} role="tooltip" className={styles.tooltip}>
      {label}
    </div>,
    document.body,
  )
}
