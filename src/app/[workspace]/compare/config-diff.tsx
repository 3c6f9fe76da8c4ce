'use client'
import { ActionIcon } from '@mantine/core'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { type CSSProperties, useMemo, useRef, useState } from 'react'
import { configText, leafWords } from '#src/core/comparisons/config-rows.ts'
import type { SideBySide } from '#src/protocol/comparisons.ts'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { baselineOf, type SideColumn, type Sides } from '#src/ui/side-by-side/sides.ts'
import styles from './compare.module.css'
import { type DiffLine, textDiff } from './diff-lines.ts'

interface Props {
  sides: Sides
  config: SideBySide['config']
  /** Keys of the two columns; null: the baseline, and the first that is not. */
  pair: { left: string | null; right: string | null }
  /** One key whose long value is compared alone; null: the whole config. */
  path: string | null
  onChange: (change: { left?: string; right?: string; text?: string | null }) => void
}

/** Two configs as text: what one has in its colour and with a minus, what the other has with a plus, changed words underlined. */
export function ConfigDiff({ sides, config, pair, path, onChange }: Props) {
  const { columns } = sides
  const place = (key: string | null) => columns.findIndex((column) => column.key === key)
  const base = Math.max(0, baselineOf(sides))
  const left = place(pair.left) >= 0 ? place(pair.left) : base
  const other = columns.findIndex((_, i) => i !== left)
  const right = place(pair.right) >= 0 && place(pair.right) !== left ? place(pair.right) : other
  const row = path === null ? undefined : config.find((one) => one.path.join('.') === path)
  const textAt = (at: number): string => {
    if (!row) return configText(config, at)
    const cell = row.cells[at]
    return cell == null ? '' : `${leafWords(cell)}\n`
  }
  const [before, after] = [textAt(left), textAt(right)]
  const diff = useMemo(() => textDiff(before, after), [before, after])
  const [one, two] = [columns[left], columns[right]]
  if (!one || !two) return null
  const choices = (without: number) =>
    columns.flatMap(({ key, name, mark }, i) =>
      i === without ? [] : [{ value: key, label: `${name} ${mark}`.trim() }],
    )
  return (
    <Section
      title={row ? 'Value as text' : 'Config as text'}
      note={row ? row.path.join('.') : null}
      actions={<CopyButton text={plainText(diff.lines)} label="Copy the difference" icon />}
    >
      <div className={styles.pair}>
        <Select
          aria-label="Text of"
          value={one.key}
          data={choices(right)}
          onChange={(key) => key && onChange({ left: key })}
        />
        <span aria-hidden>→</span>
        <Select
          aria-label="Against"
          value={two.key}
          data={choices(left)}
          onChange={(key) => key && onChange({ right: key })}
        />
        {row ? (
          <button type="button" className="link" onClick={() => onChange({ text: null })}>
            Whole config
          </button>
        ) : null}
      </div>
      {/* Another pair begins at its first change. */}
      <DiffBox key={`${one.key} ${two.key} ${path}`} diff={diff} left={one} right={two} />
    </Section>
  )
}

function DiffBox({ diff, left, right }: { diff: ReturnType<typeof textDiff>; left: SideColumn; right: SideColumn }) {
  const { lines, changes } = diff
  const [at, setAt] = useState(0)
  const box = useRef<HTMLElement>(null)
  const go = (to: number) => {
    setAt(to)
    const line = box.current?.querySelector(`[data-line="${changes[to]}"]`)
    line?.scrollIntoView({ block: 'nearest' })
  }
  if (changes.length === 0)
    return (
      <p className={styles.quietLine}>
        {lines.length === 0 || (lines.length === 1 && lines[0]?.kind === 'same' && lines[0].text === '')
          ? 'Neither has a config'
          : 'Both say the same'}
      </p>
    )
  return (
    <>
      <div className={styles.diffHead}>
        <span aria-live="polite">
          Change {at + 1} of {changes.length}
        </span>
        <Tooltip label="Previous change">
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            aria-label="Previous change"
            onClick={() => go((at + changes.length - 1) % changes.length)}
          >
            <ChevronUp size={14} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Next change">
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            aria-label="Next change"
            onClick={() => go((at + 1) % changes.length)}
          >
            <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section ref={box} className={styles.diff} aria-label="Difference of the texts" tabIndex={0}>
        {lines.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own, and are replaced as a whole
          <Line key={i} line={line} at={i} isCurrent={changes[at] === i} left={left} right={right} />
        ))}
      </section>
    </>
  )
}

function Line(props: { line: DiffLine; at: number; isCurrent: boolean; left: SideColumn; right: SideColumn }) {
  const { line, at, isCurrent, left, right } = props
  if (line.kind === 'fold')
    return (
      <div className={styles.fold}>
        {line.count} equal {line.count === 1 ? 'line' : 'lines'}
      </div>
    )
  if (line.kind === 'same')
    return (
      <div className={styles.diffLine}>
        <i aria-hidden> </i>
        <span>{line.text}</span>
      </div>
    )
  const side = line.kind === 'left' ? left : right
  return (
    <div
      className={styles.diffLine}
      data-line={at}
      data-current={isCurrent || undefined}
      style={{ '--side': side.look.colour } as CSSProperties}
      data-side={line.kind}
    >
      <i aria-hidden>{line.kind === 'left' ? '−' : '+'}</i>
      <span>
        <span className="visually-hidden">{side.name}: </span>
        {line.parts.map((part, i) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: words have no name of their own
          part.changed ? <u key={i}>{part.text}</u> : <span key={i}>{part.text}</span>,
        )}
      </span>
    </div>
  )
}

const plainText = (lines: readonly DiffLine[]): string =>
  lines
    .map((line) =>
      line.kind === 'fold'
        ? `@@ ${line.count} equal lines @@`
        : line.kind === 'same'
          ? `  ${line.text}`
          : `${line.kind === 'left' ? '-' : '+'} ${line.parts.map(({ text }) => text).join('')}`,
    )
    .join('\n')
