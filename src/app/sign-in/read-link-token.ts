/**
 * The token of a sign-in link: of `#token`, of a whole address, or the bare token. Null when there is none. Tokens are
 * 20 to 200 letters, digits, `-` and `_`.
 */
export function readLinkToken(text: string): string | null {
  const trimmed = text.trim()
  const token = trimmed.includes('#') ? trimmed.slice(trimmed.lastIndexOf('#') + 1) : trimmed
  return /^[A-Za-z0-9_-]{20,200}$/.test(token) ? token : null
}
