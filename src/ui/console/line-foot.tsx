'use client'
import { ActionIcon } from '@mantine/core'
import { X } from 'lucide-react'
import { ansiText } from '#src/core/console/ansi-spans.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import styles from './console.module.css'
import type { ConsoleLine } from './console-lines.ts'

const instant = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

/** The chosen line in full, and its link: lines in the box are too low to be targets and are cut at its edge. */
export function LineFoot(props: { n: number; line: ConsoleLine | undefined; link: string; onClose: () => void }) {
  const { line } = props
  return (
    <section className={styles.chosen} aria-label={`Line ${props.n}`}>
      <p className={styles.chosenHead}>
        <strong>Line {formatExactCount(props.n)}</strong>
        {line ? (
          <span className="ink-3" suppressHydrationWarning>
            {instant.format(line.t)}, {line.fd === 2 ? 'standard error' : 'standard output'}, attempt {line.attempt}
          </span>
        ) : null}
        <span className={styles.actions}>
          <CopyButton label="Copy link to this line" text={new URL(props.link, window.location.href).href} />
          {line ? <CopyButton icon label="Copy the line" text={ansiText(line.text)} /> : null}
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            aria-label="Choose no line"
            title="Choose no line"
            onClick={props.onClose}
          >
            <X size={14} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </span>
      </p>
      <p className={styles.chosenText}>{line ? ansiText(line.text) : '…'}</p>
    </section>
  )
}
