'use client'
import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { parseMarkdownTable } from '#src/core/publish/markdown.ts'
import type { PublishedTable } from '#src/core/publish/table.ts'
import { tableDifferences } from '#src/core/publish/table-differences.ts'
import { Section } from '#src/ui/kit/section.tsx'
import { DifferenceList } from './difference-list.tsx'
import styles from './publish.module.css'

/** Says where a table that was published earlier, pasted as Markdown, no longer says the same as the one here. */
export function PastedTable({ here }: { here: PublishedTable }) {
  const [text, setText] = useState('')
  const pasted = parseMarkdownTable(text)
  const differences = pasted ? tableDifferences(pasted, here) : []
  return (
    <Section title="Does a published table still say the same?">
      <Textarea
        aria-label="Published table as Markdown"
        placeholder="Paste a Markdown table from a card, an issue or a README"
        autosize
        minRows={2}
        maxRows={8}
        className={styles.paste}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div role="status" className={styles.said}>
        {text.trim() === '' ? null : pasted === null ? (
          <p>There is no table in this text: a row of names, below it a row of dashes.</p>
        ) : differences.length === 0 ? (
          <p>All {pasted.rows.length * Math.max(0, pasted.columns.length - 1)} cells say the same as here.</p>
        ) : (
          <DifferenceList differences={differences} total={differences.length} then="pasted" now="here" />
        )}
      </div>
    </Section>
  )
}
