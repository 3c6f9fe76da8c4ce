import type { PublishedCell, PublishedColumn, PublishedTable, TableText } from './table.ts'

/** Title, table and notes as GitHub-flavoured Markdown. */
export function markdownText({ title, table, notes }: TableText): string {
  return [`**${escapeText(title)}**`, markdownTable(table), ...notes.map(escapeText)].join('\n\n').concat('\n')
}

/**
 * A table as GitHub-flavoured Markdown: names left, numbers right, `|` and all that Markdown reads escaped, line breaks as `<br>`.
 * `parseMarkdownTable` gives the same columns and cells back, whatever their characters.
 */
export function markdownTable({ columns, rows }: PublishedTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ name }) => escapeText(name))),
    `|${columns.map(({ align }) => (align === 'right' ? '---:' : '---')).join('|')}|`,
    ...rows.map((row) => line(row.map(markdownCell))),
  ].join('\n')
}

/**
 * The first table of a Markdown text, also one that somebody typed: bold and a link around a whole cell are read, other marks stay as
 * they stand. Null when the text holds no table. Rows shorter than the head are filled with empty cells, longer ones are cut, as
 * GitHub does.
 *
 * Source   GitHub Flavored Markdown, section 4.10.
 */
export function parseMarkdownTable(text: string): PublishedTable | null {
  const lines = text.split(/\r?\n/)
  const at = lines.findIndex((line, i) => i > 0 && isRule(line) && isRow(lines[i - 1]))
  if (at < 0) return null
  const names = cellsOf(lines[at - 1] ?? '')
  const aligns = cellsOf(lines[at] ?? '')
  if (names.length !== aligns.length) return null
  const columns = names.map(
    (name, i): PublishedColumn => ({
      name: readText(name),
      align: aligns[i]?.endsWith(':') && !aligns[i]?.startsWith(':') ? 'right' : 'left',
    }),
  )
  const end = lines.findIndex((line, i) => i > at && !isRow(line))
  const body = lines.slice(at + 1, end < 0 ? undefined : end)
  return {
    columns,
    rows: body.map((line) => {
      const cells = cellsOf(line)
      return columns.map((_, i) => readCell(cells[i] ?? ''))
    }),
  }
}

function markdownCell({ text, href, strong }: PublishedCell): string {
  const linked = href === undefined ? escapeText(text) : `[${escapeText(text)}](${escapeAddress(href)})`
  return strong ? `**${linked}**` : linked
}

/** Text that Markdown prints as it is, in a table too: blanks at the ends and line breaks, which would end a row, become references. */
export const escapeText = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/[\\`*_[\]<>|~$]/g, '\\$&')
    .replace(/\r/g, '&#13;')
    .replace(/\n/g, '<br>')
    .replace(/^[ \t]+|[ \t]+$/g, (blanks) => [...blanks].map((c) => `&#${c.charCodeAt(0)};`).join(''))

const escapeAddress = (href: string): string => href.replace(/[\\()|<>*`]/g, '\\$&').replace(/&(?=#?\w+;)/g, '&amp;')

const isRow = (line: string | undefined): boolean => line?.includes('|') === true
const isRule = (line: string): boolean => isRow(line) && cellsOf(line).every((cell) => /^:?-+:?$/.test(cell))

/** The cells of a row, trimmed, still escaped. A `|` after an escaping backslash is text; those at both ends are the frame. */
function cellsOf(line: string): string[] {
  const cells: string[] = ['']
  let isEscaped = false
  let isOpen = true
  for (const c of line.trim()) {
    isOpen = c !== '|' || isEscaped
    if (isOpen) cells[cells.length - 1] += c
    else cells.push('')
    isEscaped = c === '\\' && !isEscaped
  }
  if (line.trim().startsWith('|')) cells.shift()
  if (!isOpen) cells.pop()
  return cells.map(trimBlanks)
}

const trimBlanks = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '')

function readCell(source: string): PublishedCell {
  const bold = /^\*\*((?:\\[\s\S]|(?!\*\*)[^\\])+)\*\*$/.exec(source)?.[1]
  const inner = bold ?? source
  const link = /^\[((?:\\[\s\S]|[^\]\\])*)\]\(((?:\\[\s\S]|[^()\\\s])*)\)$/.exec(inner)
  const text = readText(link?.[1] ?? inner)
  return {
    text,
    ...(link?.[2] !== undefined && { href: readText(link[2]) }),
    ...(bold !== undefined && { strong: true }),
  }
}

const REFERENCES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0' }

/** Undoes escapes, line breaks and character references, each once and from the left. */
const readText = (source: string): string =>
  source.replace(
    /\\([!-/:-@[-`{-~])|<br\s*\/?>|&(?:#(\d{1,7})|(\w+));/g,
    (whole, escaped?: string, code?: string, name?: string) => {
      if (escaped !== undefined) return escaped
      if (code !== undefined) return Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : whole
      return name === undefined ? '\n' : (REFERENCES[name] ?? whole)
    },
  )
