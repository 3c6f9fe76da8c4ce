'use client'
import { Button } from '@mantine/core'
import { CircleAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { readFailure } from '#src/ui/trpc-client.tsx'
import styles from './kit.module.css'

/** A boxed message: what happened, to what, what to do. `tone` decides icon and edge. */
export function Notice(props: { tone: 'problem' | 'warning' | 'plain'; title: string; children?: ReactNode }) {
  const Icon = props.tone === 'warning' ? TriangleAlert : CircleAlert
  return (
    <div className={styles.notice} data-tone={props.tone} role={props.tone === 'problem' ? 'alert' : undefined}>
      <Icon className={styles.noticeIcon} size={18} strokeWidth={1.75} aria-hidden />
      <div className={styles.noticeBody}>
        <p className={styles.noticeTitle}>{props.title}</p>
        {props.children}
      </div>
    </div>
  )
}

/** A failed request in its place on the page: the server's sentence, the request id to quote, and a retry. */
export function Problem({ what, error, retry }: { what: string; error: unknown; retry?: () => void }) {
  const failure = readFailure(error)
  // Trying again does not make it exist, and it is no fault of the server.
  if (failure.kind === 'not_found') {
    return (
      <Notice tone="plain" title={`${what} was not found`}>
        <p>{failure.sentence}</p>
        <p>The line above leads back up.</p>
      </Notice>
    )
  }
  return (
    <Notice tone="problem" title={`${what} could not be loaded`}>
      <p>{failure.sentence}</p>
      {failure.requestId ? (
        <p className={styles.noticeNote}>
          Request <code>{failure.requestId}</code>
        </p>
      ) : null}
      {retry ? (
        <Button mt={8} onClick={retry}>
          Try again
        </Button>
      ) : null}
    </Notice>
  )
}
