/** Hands the browser a text file to save. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has begun by the next turn; the address is not needed longer.
  setTimeout(() => URL.revokeObjectURL(url), 1_000)
}
