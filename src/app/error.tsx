'use client'
import { useEffect } from 'react'
import { connection } from '#src/ui/connection/connection.ts'
import { reloadOnce } from '#src/ui/connection/reload-once.ts'
import { isMissingCode } from '#src/ui/kit/missing-code.ts'

/**
 * A page that could not be drawn: the number to quote, and another try. Where its code is missing, as after an update, it is loaded anew,
 * once. It comes with every page, so it has no library of its own.
 */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const isMissing = isMissingCode(error)
  useEffect(
    () =>
      isMissing
        ? reloadOnce(
            connection,
            () => sessionStorage,
            () => window.location.reload(),
          )
        : undefined,
    [isMissing],
  )
  return (
    <div className="full-page" role="alert">
      <h1>This page could not be shown</h1>
      {isMissing ? (
        <p>Its code did not come; Descent may have been updated since this tab was opened.</p>
      ) : (
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
      )}
      <button type="button" onClick={isMissing ? () => window.location.reload() : reset}>
        {isMissing ? 'Reload the page' : 'Try again'}
      </button>
    </div>
  )
}
