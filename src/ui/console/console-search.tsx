'use client'
import { ActionIcon, TextInput } from '@mantine/core'
import { CaseSensitive, ChevronDown, ChevronUp, Regex, Search } from 'lucide-react'
import { formatExactCount } from '#src/core/format/count.ts'
import styles from './console.module.css'

/** What is looked for, and how. */
export interface ConsoleSearchWords {
  q: string
  regex: boolean
  exact: boolean
}

/** The field that searches a console: Enter goes to the next place, Shift + Enter to the one before, Escape empties it. */
export function ConsoleSearch(props: {
  search: ConsoleSearchWords
  onSearch: (change: Partial<ConsoleSearchWords>) => void
  onStep: (by: 1 | -1) => void
  /** Which of the places that are told one by one is shown, from 0. */
  at: number | null
  /** Places that are told one by one, and all of them. */
  told: number
  count: number
  isSearching: boolean
  hasFailed: boolean
}) {
  const { search, onSearch, onStep, hasFailed } = props
  const isAsked = search.q !== ''
  return (
    <>
      <TextInput
        className={styles.search}
        aria-label="Search the console"
        placeholder={search.regex ? 'Regular expression' : 'Search'}
        leftSection={<Search size={14} strokeWidth={1.75} aria-hidden />}
        rightSection={
          <span className={styles.searchTools}>
            {isAsked ? (
              <span className={styles.count} role="status">
                {hasFailed ? 'not searched' : hitWords(props)}
              </span>
            ) : null}
            <Toggle
              label="Match case"
              Icon={CaseSensitive}
              on={search.exact}
              onClick={() => onSearch({ exact: !search.exact })}
            />
            <Toggle
              label="Regular expression"
              Icon={Regex}
              on={search.regex}
              onClick={() => onSearch({ regex: !search.regex })}
            />
          </span>
        }
        rightSectionWidth={isAsked ? 168 : 60}
        error={hasFailed}
        value={search.q}
        onChange={(event) => onSearch({ q: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
          if (event.key === 'Escape' && isAsked) {
            event.stopPropagation()
            onSearch({ q: '' })
          }
        }}
      />
      {isAsked ? (
        <>
          <Step label="Previous place" onClick={() => onStep(-1)} Icon={ChevronUp} />
          <Step label="Next place" onClick={() => onStep(1)} Icon={ChevronDown} />
        </>
      ) : null}
    </>
  )
}

function Toggle(props: { label: string; on: boolean; onClick: () => void; Icon: typeof ChevronUp }) {
  return (
    <ActionIcon
      variant="subtle"
      color={props.on ? undefined : 'gray'}
      className={styles.toggle}
      size={24}
      aria-label={props.label}
      aria-pressed={props.on}
      title={props.label}
      onClick={props.onClick}
    >
      <props.Icon size={15} strokeWidth={1.75} aria-hidden />
    </ActionIcon>
  )
}

function Step(props: { label: string; onClick: () => void; Icon: typeof ChevronUp }) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={28}
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
    >
      <props.Icon size={14} strokeWidth={1.75} aria-hidden />
    </ActionIcon>
  )
}

/** "3 of 9"; where only the newest are told one by one, "3 of 10,000+" with all of them counted. */
function hitWords(props: { at: number | null; told: number; count: number; isSearching: boolean }): string {
  const { at, told, count, isSearching } = props
  if (at === null) return isSearching ? '…' : 'none'
  // The oldest of those that are told has a number of its own among all.
  return `${formatExactCount(count - told + at + 1)} of ${formatExactCount(count)}`
}
