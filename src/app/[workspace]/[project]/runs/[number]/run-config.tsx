'use client'
import { TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { useMemo, useState } from 'react'
import type { RunDetail } from '#src/protocol/runs.ts'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { configDiff } from './config-diff.ts'
import styles from './run.module.css'

/** Rows before one asks for the rest. */
const ROWS_AT_FIRST = 12

/** The config: what differs from the parent's first, all keys on demand, found by name or value. */
export function RunConfig({ run }: { run: RunDetail }) {
  const rows = useMemo(() => configDiff(run.parent_config, run.config), [run.parent_config, run.config])
  const differ = rows.filter((row) => row.differs).length
  const hasParent = run.parent_config !== null
  const [all, setAll] = useQueryState('keys', parseAsBoolean.withDefault(false))
  const [word, setWord] = useState('')
  const [whole, setWhole] = useState(false)
  const showsAll = all || !hasParent || differ === 0
  const shown = rows
    .filter((row) => showsAll || row.differs || word !== '')
    .filter((row) => `${row.key} ${row.after ?? ''}`.toLowerCase().includes(word.toLowerCase()))
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
          <CopyButton icon label="Copy the config as JSON" text={JSON.stringify(run.config, null, 2)} />
        </span>
      }
    >
      {rows.length > 8 ? (
        <TextInput
          aria-label="Search keys"
          placeholder="Search keys"
          mb={4}
          leftSection={<Search size={14} strokeWidth={1.75} aria-hidden />}
          value={word}
          onChange={(event) => setWord(event.currentTarget.value)}
        />
      ) : null}
      {rows.length === 0 ? <p className={styles.quiet}>No config was sent with this run.</p> : null}
      {rows.length > 0 && shown.length === 0 ? <p className={styles.quiet}>No key matches “{word}”.</p> : null}
      <dl className={styles.config}>
        {shown.slice(0, whole || word !== '' ? undefined : ROWS_AT_FIRST).map((row) => (
          <div key={row.key} data-differs={row.differs || undefined}>
            <dt title={row.key}>{row.key}</dt>
            {row.differs ? <dd className={styles.before}>{row.before ?? '–'}</dd> : null}
            <dd className={styles.after}>
              {row.differs ? <span aria-hidden>→ </span> : null}
              {row.after ?? '–'}
            </dd>
          </div>
        ))}
      </dl>
      {!whole && word === '' && shown.length > ROWS_AT_FIRST ? (
        <button type="button" className={`link ${styles.moreRows}`} onClick={() => setWhole(true)}>
          Show {shown.length - ROWS_AT_FIRST} more
        </button>
      ) : null}
    </Section>
  )
}
