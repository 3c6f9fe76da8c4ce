'use client'
import { useEffect } from 'react'
import { connection } from '#src/ui/connection/connection.ts'
import { isMissingCode, mayReload } from '#src/ui/kit/missing-code.ts'

/** When this tab was loaded anew because code was missing, epoch ms. */
const KEPT_AS = 'descent:reloaded'

/**
 * A page that could not be drawn: the number to quote, and another try. Where its code is missing, as after an update, it is loaded anew,
 * once. It comes with every page, so it has no library of its own.
 */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const isMissing = isMissingCode(error)
  useEffect(() => (isMissing ? reloadOnce() : undefined), [isMissing])
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

/** Loads the page anew once the server answers, unless that was done a moment ago. @returns what takes it back */
function reloadOnce(): () => void {
  let leave = () => {}
  let isGone = false
  const reload = () => {
    leave()
    if (!isGone && mayStart(Date.now())) window.location.reload()
  }
  void connection.look().then((answers) => {
    if (answers) reload()
    else if (!isGone) leave = connection.onReturn(reload)
  })
  return () => {
    isGone = true
    leave()
  }
}

/** False, too, where the browser keeps nothing: then nothing would end a loop. */
function mayStart(nowMs: number): boolean {
  try {
    if (!mayReload(sessionStorage.getItem(KEPT_AS), nowMs)) return false
    sessionStorage.setItem(KEPT_AS, String(nowMs))
    return true
  } catch {
    return false
  }
}
