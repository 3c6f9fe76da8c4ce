import { useLayoutEffect } from 'react'

/** By then a part that gives the focus back by itself has done so, ms. */
const AFTER_MS = 20

/**
 * Gives the focus back to what opened a layer once the layer is closed or taken away: a dialog that stands in the page only while it is
 * open, or that was open from its first moment, has nothing else that does. Where somebody already put the focus elsewhere it stays.
 */
export function useFocusBack(isOpen: boolean): void {
  useLayoutEffect(() => {
    if (!isOpen) return
    const opener = openerOf(document.activeElement)
    return () => {
      const last = document.activeElement
      window.setTimeout(() => {
        const now = document.activeElement
        // A layer that fades away still has the focus for a moment.
        const isLeft =
          now === null || now === document.body || (now === last && now.closest('[role="dialog"]') !== null)
        if (isLeft && opener?.isConnected) opener.focus({ preventScroll: true })
      }, AFTER_MS)
    }
  }, [isOpen])
}

/** An item of a menu goes with it; the button of the menu stays. */
function openerOf(element: Element | null): HTMLElement | null {
  const menu = element?.closest('[role="menu"]')
  const button = document.getElementById(menu?.getAttribute('aria-labelledby') ?? '')
  const opener = button ?? element
  return opener instanceof HTMLElement && opener !== document.body ? opener : null
}
