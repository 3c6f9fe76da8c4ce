'use client'
import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { categoryGroups } from '#src/core/publish/group-table.ts'
import { groupsText, readGroups } from '#src/core/publish/read-groups.ts'
import type { PublishedTable } from '#src/protocol/publish.ts'
import styles from './publish.module.css'

/** Groups of one's own as text, a group a line; begun from the categories of the benchmarks. */
export function OwnGroups(props: {
  benchmarks: PublishedTable['benchmarks']
  /** What the address holds; null: groups by category. */
  value: string | null
  onChange: (value: string | null) => void
}) {
  const { benchmarks, value, onChange } = props
  const usual = groupsText(categoryGroups(benchmarks))
  const [text, setText] = useState(value?.replaceAll('; ', '\n') ?? usual)
  const [error, setError] = useState<string | null>(null)
  return (
    <form
      className={styles.groups}
      onSubmit={(event) => {
        event.preventDefault()
        const answer = readGroups(
          text,
          benchmarks.map(({ slug }) => slug),
        )
        if (answer.kind === 'problem') return setError(answer.message)
        onChange(text.trim() === usual ? null : groupsText(answer.groups).split('\n').join('; '))
      }}
    >
      <Textarea
        label="Groups"
        description="A line a group, its name before the colon; a benchmark may stand in several"
        autosize
        minRows={2}
        maxRows={8}
        value={text}
        error={error}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setError(null)
        }}
      />
      <div className={styles.groupActions}>
        <Button type="submit">Use these groups</Button>
        {value === null ? null : <Button onClick={() => onChange(null)}>By category again</Button>}
      </div>
    </form>
  )
}
