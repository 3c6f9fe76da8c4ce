'use client'
import { TextInput } from '@mantine/core'
import { ChevronRight, Search } from 'lucide-react'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { useMemo, useState } from 'react'
import { configRows, configText } from '#src/core/comparisons/config-rows.ts'
import type { RunDetail } from '#src/protocol/runs.ts'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { type ConfigLine, configLines } from './config-lines.ts'
import styles from './run.module.css'
import { ValuePair } from './value-pair.tsx'

/** Lines before one asks for the rest. */
const LINES_AT_FIRST = 16

/** The config: what differs from the parent's first, all keys in their groups on demand, found by name or value. */
export function RunConfig({ run }: { run: RunDetail }) {
  // An evaluation trains nothing: the settings of a training are none of its own.
  const parent = run.kind === 'evaluate' ? null : run.parent_config
  const hasParent = parent !== null
  const rows = useMemo(() => configRows([parent, run.config]), [parent, run.config])
  const differ = hasParent ? rows.filter((row) => row.differs).length : 0
  const [all, setAll] = useQueryState('keys', parseAsBoolean.withDefault(false))
  const [word, setWord] = useState('')
  const [whole, setWhole] = useState(false)
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const showsAll = all || !hasParent || differ === 0
  const lines = useMemo(
    () =>
      configLines(rows, { onlyDifferences: !showsAll && word === '', word, closed: word === '' ? closed : new Set() }),
    [rows, showsAll, word, closed],
  )
  const shown = whole || word !== '' ? lines : lines.slice(0, LINES_AT_FIRST)
  const toggle = (group: string) => {
    const next = new Set(closed)
    if (!next.delete(group)) next.add(group)
    setClosed(next)
  }
  return (
    <Section
      title="Config"
      note={
        hasParent
          ? `${differ} of ${rows.length} keys differ from the parent`
          : `${rows.length} ${rows.length === 1 ? 'key' : 'keys'}${run.parents.length === 0 ? ', a root has no parent' : ''}`
      }
      actions={
        <span className={styles.sectionTools}>
          {hasParent && differ > 0 ? (
            <button type="button" className="link" aria-pressed={all} onClick={() => void setAll(!all)}>
              {all ? 'Only what differs' : 'All keys'}
            </button>
          ) : null}
          <CopyButton icon label="Copy the config as YAML" text={configText(rows, 1)} />
        </span>
      }
    >
      {rows.length > 8 ? (
        <TextInput
          aria-label="Search keys and values"
          placeholder="Search keys and values"
          mb={4}
          leftSection={<Search size={14} strokeWidth={1.75} aria-hidden />}
          value={word}
          onChange={(event) => setWord(event.currentTarget.value)}
        />
      ) : null}
      {rows.length === 0 ? <p className={styles.quiet}>No config was sent with this run.</p> : null}
      {rows.length > 0 && lines.length === 0 ? (
        <p className={styles.quiet}>No key and no value has “{word}” in it.</p>
      ) : null}
      <dl className={styles.config}>
        {shown.map((line) => (
          <Line key={line.id} line={line} hasParent={hasParent} isClosed={closed.has(line.id)} onToggle={toggle} />
        ))}
      </dl>
      {shown.length < lines.length ? (
        <button type="button" className={`link ${styles.moreRows}`} onClick={() => setWhole(true)}>
          Show {lines.length - shown.length} more
        </button>
      ) : null}
    </Section>
  )
}

function Line(props: { line: ConfigLine; hasParent: boolean; isClosed: boolean; onToggle: (group: string) => void }) {
  const { line } = props
  const indent = { paddingLeft: line.depth * 14 }
  if (line.kind === 'group')
    return (
      <div data-group>
        <dt style={indent}>
          <button
            type="button"
            className={styles.groupToggle}
            aria-expanded={!props.isClosed}
            onClick={() => props.onToggle(line.id)}
          >
            <ChevronRight size={12} strokeWidth={1.75} aria-hidden />
            {line.name}
          </button>
        </dt>
        <dd className="ink-3">
          {line.keys} {line.keys === 1 ? 'key' : 'keys'}
        </dd>
      </div>
    )
  const [before, after] = [line.cells[0] ?? null, line.cells[1] ?? null]
  const differs = props.hasParent && line.differs
  return (
    <div data-differs={differs || undefined}>
      <dt style={indent} title={line.id}>
        {line.name}
      </dt>
      <ValuePair before={before} after={after} differs={differs} />
    </div>
  )
}
