'use client'
import { Modal, useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Search, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { EVERYTHING_CHARACTERS_MAX } from '#src/protocol/found.ts'
import { useGo } from '#src/ui/connection/use-go.ts'
import { useFocusBack } from '#src/ui/kit/focus-back.ts'
import { paths } from '#src/ui/paths.ts'
import { destinations } from '#src/ui/shell/destinations.ts'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './palette.module.css'
import { actionItems, filterItems, foundGroups, type PaletteItem, runsWhere } from './palette-items.ts'
import { shorten } from './palette-lines.ts'
import { PaletteList } from './palette-list.tsx'
import { PalettePreview } from './palette-preview.tsx'

const PAUSE_MS = 80
/** Asked for at once, so that "more" opens without another question. */
const ASKED = 20

/** Everything by name, in one box: what was found on the left, what the chosen line is on the right. */
export function Palette(props: {
  workspace: string
  project: string | null
  opened: boolean
  /** Another number each time: what was typed before is gone. */
  opening: number
  onClose: () => void
}) {
  const { opened, opening, onClose } = props
  useFocusBack(opened)
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size={780}
      yOffset={92}
      transitionProps={{ duration: 80 }}
      classNames={{ overlay: styles.veil, content: styles.box, inner: styles.place }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Search everything">
        <Inside key={opening} {...props} />
      </Modal.Content>
    </Modal.Root>
  )
}

function Inside(props: { workspace: string; project: string | null; onClose: () => void }) {
  const { workspace, project, onClose } = props
  const id = useId()
  const go = useGo()
  const trpc = useTRPC()
  const { setColorScheme } = useMantineColorScheme()
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const [isNarrow, setNarrow] = useState(project !== null)
  const [wide, setWide] = useState<ReadonlySet<string>>(new Set())
  const [chosen, setChosen] = useState(0)
  const [isAwaited, setAwaited] = useState(false)
  useEffect(() => input.current?.focus(), [])

  const isActions = typed.startsWith('>')
  const text = (isActions ? typed.slice(1) : typed).trim()
  const [asked] = useDebouncedValue(isActions ? '' : text, PAUSE_MS)
  const query = useQuery({
    ...trpc.search.everything.queryOptions({
      workspace,
      project: isNarrow && project !== null ? project : undefined,
      text: asked,
      limit: ASKED,
    }),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })

  const found = !isActions && text !== '' ? query.data : undefined
  const groups = useMemo(() => {
    const place = { workspace, project }
    const actions = [
      ...(isActions ? [] : filterItems(place, text)),
      ...actionItems(destinations(workspace, project), text),
    ]
    return [
      ...foundGroups(place, found),
      ...(actions.length > 0 ? [{ title: 'Actions', items: actions, found: actions.length }] : []),
    ]
  }, [workspace, project, isActions, text, found])
  const shown = useMemo(() => groups.map((group) => shorten(group, wide, groups.length)), [groups, wide])
  const lines = shown.flatMap(({ lines: inside }) => inside)
  const at = Math.min(chosen, lines.length - 1)
  const line = lines[at]

  const leaveFor = (href: string | null) => {
    if (href === null) return
    go(href)
    onClose()
  }
  const take = (which: (typeof lines)[number] | undefined) => {
    if (which?.kind === 'more') setWide(new Set([...wide, which.group]))
    else if (which && 'href' in which.item.go) leaveFor(which.item.go.href)
    else if (which && 'command' in which.item.go) {
      setColorScheme(which.item.go.command.scheme)
      onClose()
    }
  }
  const takeFirst = useRef(() => take(lines[0]))
  takeFirst.current = () => take(lines[0])
  const chosenItem = line?.kind === 'item' ? line.item : null
  const move = (to: number) => setChosen(lines.length === 0 ? 0 : (to + lines.length) % lines.length)
  const moveGroup = (step: 1 | -1) => {
    const starts = shown.map((_, i) => shown.slice(0, i).reduce((sum, group) => sum + group.lines.length, 0))
    const here = starts.findLastIndex((start) => start <= at)
    move(starts[(here + step + starts.length) % starts.length] ?? 0)
  }

  // The lines still answer what was typed before: Enter waits for those that answer this.
  const isBehind = !isActions && text !== '' && (text !== asked || query.isPlaceholderData || query.isPending)
  const isLocal = chosenItem !== null && chosenItem.preview === null && chosenItem.look.kind !== 'project'
  useEffect(() => {
    if (!isAwaited || isBehind) return
    setAwaited(false)
    takeFirst.current()
  }, [isAwaited, isBehind])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') move(at + 1)
    else if (event.key === 'ArrowUp') move(at - 1)
    else if (event.key === 'Tab') moveGroup(event.shiftKey ? -1 : 1)
    else if (event.key === 'Enter' && event.altKey) leaveFor(chosenItem && inCharts(workspace, chosenItem))
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
      leaveFor(chosenItem && besideParent(workspace, chosenItem))
    else if (event.key === 'Enter' && isBehind && !isLocal) setAwaited(true)
    else if (event.key === 'Enter') take(line)
    else if (event.key === 'Backspace' && typed === '' && isNarrow) setNarrow(false)
    else return
    event.preventDefault()
  }

  const results = groups.filter(({ title }) => title !== 'Actions').reduce((sum, group) => sum + group.found, 0)
  return (
    <>
      <div className={styles.head}>
        <Search size={18} strokeWidth={1.75} aria-hidden />
        <input
          ref={input}
          className={styles.input}
          data-autofocus
          type="text"
          role="combobox"
          aria-label="Search everything"
          aria-expanded={lines.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={line ? `${id}-${at}` : undefined}
          aria-describedby={`${id}-foot`}
          placeholder="A run, a stage, a checkpoint, a key, a page"
          maxLength={EVERYTHING_CHARACTERS_MAX}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value)
            setAwaited(false)
            setChosen(0)
            setWide(new Set())
          }}
          onKeyDown={onKeyDown}
        />
        {project !== null && isNarrow ? (
          <button
            type="button"
            className={styles.scope}
            aria-label={`Search only in ${project}; remove`}
            title="Backspace in the empty field removes it too"
            onClick={() => {
              setNarrow(false)
              input.current?.focus()
            }}
          >
            in {project}
            <X size={12} strokeWidth={1.75} aria-hidden />
          </button>
        ) : null}
      </div>
      <div className={styles.body}>
        <PaletteList
          id={id}
          groups={shown}
          active={at}
          typed={text}
          onPoint={setChosen}
          onTake={(which) => take(which)}
          empty={emptyWords(text, isActions, query.isFetching, query.error)}
        />
        <PalettePreview
          workspace={workspace}
          item={chosenItem}
          hasParent={chosenItem !== null && besideParent(workspace, chosenItem) !== null}
          inCharts={chosenItem !== null && inCharts(workspace, chosenItem) !== null}
        />
      </div>
      <div className={styles.foot} id={`${id}-foot`}>
        <span>
          <kbd className={styles.key}>↑</kbd> <kbd className={styles.key}>↓</kbd> move
        </span>
        <span>
          <kbd className={styles.key}>Tab</kbd> next group
        </span>
        <span>
          <kbd className={styles.key}>&gt;</kbd> actions only
        </span>
        <span>
          <kbd className={styles.key}>#8</kbd> run by number
        </span>
        <span className={styles.results} role="status">
          {found ? `${results.toLocaleString('en')} ${results === 1 ? 'result' : 'results'} in ${found.ms} ms` : ''}
        </span>
        <span>
          <kbd className={styles.key}>Esc</kbd> close
        </span>
      </div>
    </>
  )
}

/** Where a run is drawn alone. */
const inCharts = (workspace: string, { preview }: PaletteItem): string | null =>
  preview?.kind === 'run' ? runsWhere(workspace, preview.project, `number = ${preview.number}`) : null

/** A run beside the one that its weights come from. */
const besideParent = (workspace: string, { preview }: PaletteItem): string | null =>
  preview?.kind === 'run' ? paths.newComparison(workspace, [`run:${preview.id}`], { withParent: true }) : null

function emptyWords(text: string, isActions: boolean, isWaiting: boolean, error: unknown): string {
  if (error) return readFailure(error).sentence
  if (text === '') return ''
  if (isWaiting) return 'Searching …'
  return isActions ? 'No action has these words.' : 'Nothing has these words in its name, tags or config.'
}
