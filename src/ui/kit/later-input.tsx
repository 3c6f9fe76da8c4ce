'use client'
import { InputBase } from '@mantine/core'
import {
  type ChangeEvent,
  type ComponentType,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import styles from './later-input.module.css'
import { type LoadedPart, whenIdle } from './load-part.ts'

/** What a person did to the field before its code was there. */
type Touched = 'not' | 'focused' | 'opened'

/** From where to where the text of a field is marked; null: nowhere. */
type Marked = [from: number, to: number] | null

function markedIn(field: HTMLInputElement | null): Marked {
  const { selectionStart: from, selectionEnd: to } = field ?? { selectionStart: null, selectionEnd: null }
  return from === null || to === null || from === to ? null : [from, to]
}

/** What is loaded for a field. */
type FieldPart<T> = Pick<LoadedPart<T>, 'preload' | 'useIfThere'> & { use: () => unknown }

interface Whole {
  id: string
  ref: Ref<HTMLInputElement>
  defaultDropdownOpened?: boolean
}

/**
 * A field whose code is large stands in its place at once, as a plain field that says the same; the code comes when the page is idle or
 * somebody is about to use it, and takes over where the person is, with what was typed.
 */
export function LaterInput<P extends object>(props: {
  part: FieldPart<ComponentType<P>>
  /** All that the field is given. */
  given: P & { id?: string | undefined }
  /** What of it makes the plain field look the same: its name, its size. */
  look: object
  /** What it says. */
  words: string
  /** It opens a list, so a press opens it. */
  hasList?: boolean
  /**
   * What typing does: it changes what the field says; it adds to a list of things that were chosen; nothing, where one only picks.
   */
  typing?: 'changes' | 'adds' | 'none'
  /** Hears of what is typed while the code is not there, where each key counts; without it all is typed anew into what takes over. */
  onType?: (text: string) => void
  /** Hears of it beside: what is typed is what the field is worth, and a form may be sent before the code is there. */
  onText?: (text: string) => void
  /** Takes what was typed where Enter, or leaving the field, is what adds it. */
  onAdd?: (text: string) => void
}) {
  const { part, given, hasList = false, typing = 'changes', onAdd, onType, onText } = props
  // What is added to is not typed over.
  const fixed = typing === 'adds' && props.words !== '' ? `${props.words}, ` : ''
  const own = useId()
  const id = given.id ?? own
  const [touched, setTouched] = useState<Touched>('not')
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState<string | null>(null)
  const Part = part.useIfThere() as ComponentType<P & Whole> | null
  const isThere = Part !== null
  useEffect(() => (isThere ? undefined : whenIdle(part.preload)), [isThere, part])
  const keep = (text: string) => {
    if (onType) return onType(text)
    setTyped(text)
    onText?.(text)
  }
  // What was done before the page woke is heard of now.
  const plain = useRef<HTMLInputElement>(null)
  const woke = useRef(false)
  useLayoutEffect(() => {
    const field = plain.current
    if (woke.current || !field) return
    woke.current = true
    if (typing !== 'none' && field.value !== props.words && field.value.startsWith(fixed))
      keep(field.value.slice(fixed.length))
    if (document.activeElement === field) setTouched('focused')
  })
  // What was done before it came is done once.
  const before = useRef<{ touched: Touched; typed: string | null; marked: Marked }>({
    ...{ touched: 'not', typed: null, marked: null },
  })
  before.current = { touched, typed, marked: markedIn(plain.current) ?? before.current.marked }
  useLayoutEffect(() => {
    if (!isThere || !input.current) return
    const { touched, typed, marked } = before.current
    if (touched !== 'not') {
      input.current.focus()
      // A text that was marked is typed over, as it would have been.
      if (marked) input.current.setSelectionRange(...marked)
    }
    if (typed !== null) typeInto(input.current, typed)
  }, [isThere])
  if (Part)
    return <Part {...given} id={id} ref={input} {...(hasList && { defaultDropdownOpened: touched === 'opened' })} />
  const touch = (how: Touched) => {
    setTouched(how)
    part.preload()
  }
  const add = () => {
    if (!onAdd || typed === null || typed.trim() === '') return false
    setTyped(null)
    onAdd(typed.trim())
    return true
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing && add()) event.preventDefault()
    else if (hasList && ['ArrowDown', 'ArrowUp', 'Enter', ...(typing === 'none' ? [' '] : [])].includes(event.key)) {
      event.preventDefault()
      touch('opened')
    }
  }
  const onChange = ({ currentTarget: { value } }: ChangeEvent<HTMLInputElement>) => {
    // The first key follows the words, before there is a comma.
    const after = value.startsWith(fixed) ? fixed : fixed === '' || typed !== null ? null : props.words
    if (after === null || !value.startsWith(after)) return
    keep(value.slice(after.length))
    touch(hasList ? 'opened' : 'focused')
  }
  return (
    <>
      {touched !== 'not' || typed !== null ? <Asked part={part} /> : null}
      <InputBase
        size="xs"
        {...props.look}
        id={id}
        ref={plain}
        {...(typing === 'none' ? { readOnly: true } : { onChange })}
        value={typed === null ? props.words : fixed + typed}
        onPointerEnter={part.preload}
        onMouseDown={() => touch(hasList ? 'opened' : 'focused')}
        onFocus={() => touch(touched === 'opened' ? 'opened' : 'focused')}
        onBlur={() => {
          setTouched('not')
          add()
        }}
        onKeyDown={onKeyDown}
        {...(hasList && { role: 'combobox', 'aria-haspopup': 'listbox', 'aria-expanded': false })}
      />
    </>
  )
}

/** Where somebody waits for the code, the foot of the page says that it did not come. */
function Asked({ part }: { part: Pick<FieldPart<unknown>, 'use'> }) {
  part.use()
  return null
}

/** Types a text into the field that took over: what hears of keys hears of it as of one typed there. */
function typeInto(input: HTMLInputElement, text: string): void {
  // React's own record of the value would take it for no change.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text)
  input.dispatchEvent(new Event('input', { bubbles: true }))
}

/** The mark of a field that opens a list. */
export const Chevron = () => (
  <svg className={styles.chevron} viewBox="0 0 15 15" fill="none" aria-hidden>
    <path d="M5 6 7.5 3.5 10 6M5 9l2.5 2.5L10 9" stroke="currentColor" strokeLinecap="round" strokeLinejoin="round" />
  </svg>
)
