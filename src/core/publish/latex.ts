import type { PublishedCell, PublishedTable, TableText } from './table.ts'

/** Title, table and notes as a LaTeX float for the packages booktabs and, where cells lead somewhere, hyperref. */
export function latexText({ title, table, footRows, notes }: TableText): string {
  const packages = hasLinks(table) ? 'booktabs, hyperref' : 'booktabs'
  return [
    `% \\usepackage{${packages}}`,
    '\\begin{table}',
    '\\centering',
    `\\caption{${latexEscape(title)}}`,
    latexTable(table, footRows),
    ...notes.map((note) => `\\par{\\footnotesize ${latexEscape(note)}}`),
    '\\end{table}',
    '',
  ].join('\n')
}

/** A table as a booktabs `tabular`; a rule stands above the last `footRows` rows. */
export function latexTable({ columns, rows }: PublishedTable, footRows = 0): string {
  const line = (cells: readonly string[]) => `${cells.join(' & ')} \\\\`
  const body = rows.map((row) => line(row.map(latexCell)))
  if (footRows > 0 && footRows < rows.length) body.splice(rows.length - footRows, 0, '\\midrule')
  return [
    `\\begin{tabular}{${columns.map(({ align }) => (align === 'right' ? 'r' : 'l')).join('')}}`,
    '\\toprule',
    line(columns.map(({ name }) => latexEscape(name))),
    '\\midrule',
    ...body,
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n')
}

const hasLinks = ({ rows }: PublishedTable): boolean => rows.some((row) => row.some((cell) => cell.href !== undefined))

function latexCell({ text, href, strong }: PublishedCell): string {
  const linked = href === undefined ? latexEscape(text) : `\\href{${latexAddress(href)}}{${latexEscape(text)}}`
  return strong ? `\\textbf{${linked}}` : linked
}

/** What TeX would read in an address: its own escapes, and percent-encoding for what addresses hold only encoded. */
const latexAddress = (href: string): string =>
  href.replace(/[\\{}^]/g, (c) => encodeURIComponent(c)).replace(/[%#&]/g, '\\$&')

/** What LaTeX would read otherwise, and signs that its old fonts lack. A `[` or `*` after `\\` would be its argument. */
const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
  '"': '\\textquotedbl{}',
  '−': '$-$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '→': '$\\to$',
  '↑': '$\\uparrow$',
  '↓': '$\\downarrow$',
  '≠': '$\\neq$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  '–': '--',
  '’': "'",
}

const SPECIAL = new RegExp(
  `[${Object.keys(LATEX)
    .map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')}]`,
  'g',
)

/** Text as LaTeX prints it; a line break becomes one inside the cell. */
export function latexEscape(text: string): string {
  const escaped = text.split(/\r\n|\r|\n/).map((line) => line.replace(SPECIAL, (c) => LATEX[c] ?? c))
  return escaped.length === 1 ? (escaped[0] ?? '') : `\\shortstack[l]{${escaped.join(' \\\\ ')}}`
}
