'use client'
import { Button } from '@mantine/core'
import { hideNotice, showNotice } from '#src/ui/kit/notices.tsx'
import { readFailure } from '#src/ui/trpc-client.tsx'
import styles from './bulk-bar.module.css'

/** How long the way back stands in the corner, ms. */
const UNDO_MS = 15_000

/** Says in the corner what was done and offers to take it back: `undo` does so and answers what is said then; null where nothing is to be undone. */
export function showDone(words: string, undo: (() => Promise<string>) | null): void {
  const id = `done-${Date.now()}`
  const takeBack = async (back: () => Promise<string>) => {
    hideNotice(id)
    try {
      showNotice({ message: await back() })
    } catch (error) {
      showNotice({ message: readFailure(error).sentence, color: 'red' })
    }
  }
  showNotice({
    id,
    autoClose: UNDO_MS,
    message: (
      <span className={styles.toast}>
        <span>{words}</span>
        {undo ? (
          <Button size="compact-xs" onClick={() => void takeBack(undo)}>
            Undo
          </Button>
        ) : null}
      </span>
    ),
  })
}
