'use client'
import type { DefinitionEdit } from '#src/protocol/benchmarks.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import styles from './benchmarks.module.css'
import { editedWord, valueWords } from './field-words.ts'

const COLUMNS: readonly Column<DefinitionEdit>[] = [
  { key: 'field', title: 'Field', head: true, nowrap: true, cell: (edit) => editedWord(edit.field) },
  { key: 'before', title: 'Before', cell: (edit) => <Said value={edit.before} /> },
  { key: 'after', title: 'After', cell: (edit) => <Said value={edit.after} /> },
  { key: 'by', title: 'By', nowrap: true, cell: (edit) => edit.by },
  { key: 'at', title: 'When', align: 'right', nowrap: true, cell: (edit) => <Ago at={edit.at} /> },
]

function Said({ value }: { value: DefinitionEdit['before'] }) {
  const words = valueWords(value)
  if (words === null) return <span className="ink-3">nothing</span>
  return <span className={styles.edited}>{/^[0-9a-f]{64}$/.test(words) ? words.slice(0, 12) : words}</span>
}

/** What people changed of a benchmark or a protocol. */
export function EditsTable({ edits }: { edits: readonly DefinitionEdit[] }) {
  return (
    <DataTable
      label="Edits"
      columns={COLUMNS}
      rows={edits}
      rowKey={(edit) => `${edit.at} ${edit.field} ${edit.before} ${edit.after}`}
      none="Nothing was changed since it was defined."
    />
  )
}
