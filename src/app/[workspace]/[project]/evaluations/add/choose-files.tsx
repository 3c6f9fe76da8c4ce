'use client'
import { Button } from '@mantine/core'
import { Upload } from 'lucide-react'
import { type DragEvent, useId, useRef, useState } from 'react'
import styles from './add.module.css'

/** Takes files by a button or dropped onto it. */
export function ChooseFiles({ busy, onFiles }: { busy: boolean; onFiles: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const about = useId()
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    if (!busy) onFiles([...event.dataTransfer.files])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files on; the button inside does the same by keyboard
    <div
      className={styles.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <Upload size={18} strokeWidth={1.75} aria-hidden />
      <Button variant="filled" loading={busy} aria-describedby={about} onClick={() => input.current?.click()}>
        Choose files
      </Button>
      <p id={about} className="ink-2">
        or drop them here: CSV or JSON lines of scores, or results and samples of lm-evaluation-harness. Nothing is
        written before you have seen what was understood.
      </p>
      <input
        ref={input}
        className="visually-hidden"
        type="file"
        multiple
        accept=".csv,.json,.jsonl,.ndjson,text/csv,application/json"
        aria-label="Files of scores"
        tabIndex={-1}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}
