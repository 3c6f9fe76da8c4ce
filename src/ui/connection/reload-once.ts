/** A page whose code is gone is loaded anew by itself, once. */
import { mayReload } from '#src/ui/kit/missing-code.ts'
import type { ConnectionWatch } from './connection-watch.ts'

/** When this tab was loaded anew because code was missing, epoch ms. */
const KEPT_AS = 'descent:reloaded'

/**
 * Loads the page anew once the server answers, unless that was done a moment ago.
 *
 * @param store what the tab remembers over a load; where the browser keeps nothing, nothing would end a loop, and nothing is loaded
 * @returns what takes it back
 */
export function reloadOnce(
  connection: Pick<ConnectionWatch, 'look' | 'onReturn'>,
  store: () => Pick<Storage, 'getItem' | 'setItem'>,
  reload: () => void,
  now: () => number = Date.now,
): () => void {
  let leave = () => {}
  let isGone = false
  const start = () => {
    leave()
    if (!isGone && mayStart(store, now())) reload()
  }
  void connection.look().then((answers) => {
    if (answers) start()
    else if (!isGone) leave = connection.onReturn(start)
  })
  return () => {
    isGone = true
    leave()
  }
}

function mayStart(store: () => Pick<Storage, 'getItem' | 'setItem'>, nowMs: number): boolean {
  try {
    if (!mayReload(store().getItem(KEPT_AS), nowMs)) return false
    store().setItem(KEPT_AS, String(nowMs))
    return true
  } catch {
    return false
  }
}
