'use client'
import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { readFailure } from '#src/ui/trpc-client.tsx'
import styles from './kit.module.css'
import { Modal } from './modal.tsx'
import { Notice } from './problem.tsx'

/** Asks once more before something that cannot be undone; a refusal is shown inside. */
export function Confirm(props: {
  opened: boolean
  title: string
  children: ReactNode
  verb: string
  /** The word for not doing it; "Keep it" when absent. */
  keep?: string | undefined
  busy: boolean
  error: unknown
  onConfirm: () => void
  onClose: () => void
}) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title}>
      <div className={`ink-2 ${styles.confirm}`}>{props.children}</div>
      {props.error ? (
        <div style={{ paddingTop: 12 }}>
          <Notice tone="problem" title="This was refused">
            <p>{readFailure(props.error).sentence}</p>
          </Notice>
        </div>
      ) : null}
      <Group justify="flex-end" gap={8} mt={20}>
        <Button onClick={props.onClose}>{props.keep ?? 'Keep it'}</Button>
        <Button variant="filled" loading={props.busy} onClick={props.onConfirm}>
          {props.verb}
        </Button>
      </Group>
    </Modal>
  )
}
