/**
 * Terminal output to styled text (ECMA-48). Only colours and weights are kept. Operating-system commands (links, window titles, the
 * clipboard), cursor moves and every other control are dropped; a carriage return rewrites the line, so its last state is shown.
 */
export interface Span {
  text: string
  /** Index of one of the 16 terminal colours, or null for the ink of the page. */
  colour: number | null
  bold: boolean
  faint: boolean
  italic: boolean
  underline: boolean
}

type Style = Omit<Span, 'text'>

const PLAIN: Style = { colour: null, bold: false, faint: false, italic: false, underline: false }

/** OSC, DCS, SOS, PM and APC up to their end (or the line's), then CSI, then two-byte escapes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the controls that are looked for
const ESCAPE = /\u001b[\]PX^_][\s\S]*?(?:\u0007|\u001b\\|$)|\u001b\[([0-9;:]*)[ -/]*([@-~])|\u001b[ -/]*[0-~]?/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls without a meaning here, tab excepted
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** A line longer than this is cut on screen; the download has it whole. */
export const LINE_CHARACTERS_MAX = 8_000

/** The spans of one line, in order, none of them empty. Never throws. */
export function ansiSpans(line: string): Span[] {
  const shown = afterReturns(line.length > LINE_CHARACTERS_MAX ? `${line.slice(0, LINE_CHARACTERS_MAX)} …` : line)
  const spans: Span[] = []
  let style = PLAIN
  let at = 0
  const push = (end: number) => {
    const text = shown.slice(at, end).replace(CONTROLS, '')
    if (text !== '') spans.push({ text, ...style })
  }
  for (const match of shown.matchAll(ESCAPE)) {
    push(match.index)
    if (match[2] === 'm') style = styled(style, match[1] ?? '')
    at = match.index + match[0].length
  }
  push(shown.length)
  return spans
}

/** The text alone, as it is searched and copied. */
export const ansiText = (line: string): string =>
  ansiSpans(line)
    .map((span) => span.text)
    .join('')

/** True for a line that is shown as it was printed: `ansiText` would give the same. */
export const isPlain = (line: string): boolean => !line.includes('\u001b') && !line.includes('\r')

/** What a terminal shows after carriage returns: the last part that is not empty, over the rest of longer ones before it. */
function afterReturns(line: string): string {
  if (!line.includes('\r')) return line
  const parts = line.split('\r').filter((part) => part !== '')
  return parts.at(-1) ?? ''
}

function styled(before: Style, codes: string): Style {
  const numbers = codes === '' ? [0] : codes.split(/[;:]/).map(Number)
  let style = before
  for (let i = 0; i < numbers.length; i++) {
    const n = numbers[i] as number
    if (n === 38 || n === 48) {
      // 256 colours take two more numbers, true colours four; a foreground of the first 16 is kept.
      const isIndexed = numbers[i + 1] === 5
      const index = numbers[i + 2] ?? 0
      if (n === 38 && isIndexed && index < 16) style = { ...style, colour: index }
      i += isIndexed ? 2 : 4
    } else style = styledByOne(style, n)
  }
  return style
}

function styledByOne(style: Style, n: number): Style {
  if (n === 0) return PLAIN
  if (n === 1) return { ...style, bold: true }
  if (n === 2) return { ...style, faint: true }
  if (n === 3) return { ...style, italic: true }
  if (n === 4) return { ...style, underline: true }
  if (n === 22) return { ...style, bold: false, faint: false }
  if (n === 23) return { ...style, italic: false }
  if (n === 24) return { ...style, underline: false }
  if (n >= 30 && n <= 37) return { ...style, colour: n - 30 }
  if (n === 39) return { ...style, colour: null }
  if (n >= 90 && n <= 97) return { ...style, colour: n - 90 + 8 }
  return style
}
