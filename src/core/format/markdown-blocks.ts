/** Short texts that people write in Markdown, as blocks to be drawn: paragraphs, headings, lists, code. No HTML comes out of it. */

export type Inline =
  | { kind: 'text' | 'strong' | 'em' | 'code'; text: string }
  | { kind: 'link'; text: string; href: string }

export type Block =
  | { kind: 'paragraph' | 'heading'; inlines: readonly Inline[] }
  | { kind: 'list'; isOrdered: boolean; items: readonly (readonly Inline[])[] }
  | { kind: 'code'; text: string }

const BULLET = /^\s*[-*+]\s+(.*)$/
const NUMBERED = /^\s*\d{1,9}[.)]\s+(.*)$/
const HEADING = /^#{1,6}\s+(.*)$/
const FENCE = /^\s*```/

/**
 * Blocks in their order. What is none of them stays text as it was written; a fence that is never closed runs to the end. Links lead to
 * http, https and mailto, or to a path of this product; others stay text.
 */
export function markdownBlocks(text: string): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? ''
    if (line.trim() === '') {
      at++
    } else if (FENCE.test(line)) {
      const rest = lines.slice(at + 1)
      const end = rest.findIndex((one) => FENCE.test(one))
      const inside = end < 0 ? rest : rest.slice(0, end)
      blocks.push({ kind: 'code', text: inside.join('\n') })
      at += inside.length + 2
    } else if (HEADING.test(line)) {
      blocks.push({ kind: 'heading', inlines: inlinesOf(HEADING.exec(line)?.[1] ?? '') })
      at++
    } else if (BULLET.test(line) || NUMBERED.test(line)) {
      const pattern = BULLET.test(line) ? BULLET : NUMBERED
      const taken = takeWhile(lines, at, (one) => pattern.test(one))
      const items = taken.map((one) => inlinesOf(pattern.exec(one)?.[1] ?? ''))
      blocks.push({ kind: 'list', isOrdered: pattern === NUMBERED, items })
      at += taken.length
    } else {
      const taken = takeWhile(lines, at, isPlain)
      blocks.push({ kind: 'paragraph', inlines: inlinesOf(taken.map((one) => one.trim()).join(' ')) })
      at += taken.length
    }
  }
  return blocks
}

const isPlain = (line: string): boolean =>
  line.trim() !== '' && ![BULLET, NUMBERED, HEADING, FENCE].some((pattern) => pattern.test(line))

function takeWhile(lines: readonly string[], from: number, is: (line: string) => boolean): string[] {
  const end = lines.findIndex((line, i) => i >= from && !is(line))
  return lines.slice(from, end < 0 ? undefined : end)
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g

function inlinesOf(text: string): Inline[] {
  const found: Inline[] = []
  let last = 0
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, em, name, href] = match
    if (match.index > last) found.push({ kind: 'text', text: text.slice(last, match.index) })
    last = match.index + whole.length
    if (code !== undefined) found.push({ kind: 'code', text: code })
    else if (strong !== undefined) found.push({ kind: 'strong', text: strong })
    else if (em !== undefined) found.push({ kind: 'em', text: em })
    else if (name !== undefined && href !== undefined && isSafe(href)) found.push({ kind: 'link', text: name, href })
    else found.push({ kind: 'text', text: whole })
  }
  if (last < text.length) found.push({ kind: 'text', text: text.slice(last) })
  return found
}

const isSafe = (href: string): boolean => /^(https?:\/\/|mailto:|\/(?![/\\]))/i.test(href)
