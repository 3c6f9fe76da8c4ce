'use client'
import { Button } from '@mantine/core'
import styles from '#src/ui/kit/kit.module.css'

/** A page that could not be drawn: the number to quote, and another try. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className={styles.fullPage} role="alert">
      <h1 className={styles.fullTitle}>This page could not be shown</h1>
      <p className={styles.fullText}>
        Something broke while it was made. Nothing was lost; the server&apos;s log holds the cause
        {error.digest ? (
          <>
            {' '}
            under <code>{error.digest}</code>
          </>
        ) : null}
        .
      </p>
      <Button onClick={reset}>Try again</Button>
    </div>
  )
}
