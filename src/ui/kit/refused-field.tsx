'use client'
import { useEffect } from 'react'

/** An answer that takes longer than this finds somebody who went on to something else, ms. */
const ANSWER_MS = 20_000

/**
 * Moves the focus to the first field that a form marks as refused after it was sent, by its own check or by the server's. For all forms
 * of the product: a field is marked by `aria-invalid`.
 */
export function RefusedField() {
  useEffect(() => {
    let watch: { end: () => void } | null = null
    const begin = (event: Event) => {
      watch?.end()
      watch = event.target instanceof HTMLFormElement ? watchForm(event.target) : null
    }
    document.addEventListener('submit', begin, true)
    return () => {
      document.removeEventListener('submit', begin, true)
      watch?.end()
    }
  }, [])
  return null
}

function watchForm(form: HTMLFormElement): { end: () => void } {
  const end = () => {
    observer.disconnect()
    clearTimeout(late)
    form.removeEventListener('input', end)
  }
  const look = () => {
    const field = form.querySelector<HTMLElement>('[aria-invalid="true"]')
    if (!field) return
    end()
    field.focus()
  }
  const observer = new MutationObserver(look)
  const late = setTimeout(end, ANSWER_MS)
  observer.observe(form, { subtree: true, childList: true, attributeFilter: ['aria-invalid'] })
  // Whoever goes on typing is left alone.
  form.addEventListener('input', end)
  // A field that was wrong already and still is changes nothing that could be observed; one that was mended loses its mark with the next
  // drawing.
  setTimeout(() => setTimeout(look))
  return { end }
}
