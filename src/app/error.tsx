'use client'
import { Button } from '@mantine/core'

/** A page that could not be drawn: the number to quote, and another try. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="full-page" role="alert">
      <h1>This page could not be shown</h1>
      <p>
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
