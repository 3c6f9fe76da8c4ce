'use client'
import { Check } from 'lucide-react'
import { pythonRequest, shellRequest } from '#src/core/format/request-code.ts'
import { csvTable } from '#src/core/publish/csv.ts'
import { jsonText } from '#src/core/publish/json.ts'
import { latexText } from '#src/core/publish/latex.ts'
import { markdownText } from '#src/core/publish/markdown.ts'
import type { TableText } from '#src/core/publish/table.ts'
import { tsvTable } from '#src/core/publish/tsv.ts'
import { writeText } from '#src/ui/kit/copy-button.tsx'
import { Menu } from '#src/ui/kit/menu.tsx'

/** What a program asks the machine door for the same data: below /api/v1, encoded, with its query. */
export interface RequestAsked {
  path: string
  query: Readonly<Record<string, string>>
}

const FORMS: readonly (readonly [form: string, text: (table: TableText) => string])[] = [
  ['Markdown', markdownText],
  ['CSV', ({ table }) => csvTable(table)],
  ['TSV', ({ table }) => tsvTable(table)],
  ['LaTeX', latexText],
  ['JSON', jsonText],
]

/**
 * Menu items that copy a table in every form, the request behind it, and the link to the view. The menu stays open, for `said` tells
 * whether it worked.
 *
 * @param table made when it is asked for
 */
export function CopyItems(props: {
  table: () => TableText
  request?: RequestAsked | undefined
  /** Where the copied link leads; absent: to the page as it is. */
  link?: () => string
  said: string | null
  onSaid: (words: string) => void
}) {
  const { table, request, said, onSaid } = props
  const copy = (what: string, text: string) =>
    void writeText(text).then((done) => onSaid(done ? `${what} copied` : 'The browser refused to copy'))
  const item = (what: string, label: string, text: () => string) => (
    <Menu.Item key={label} closeMenuOnClick={false} onClick={() => copy(what, text())}>
      {label}
    </Menu.Item>
  )
  return (
    <>
      {FORMS.map(([form, text]) => item(form, `Copy as ${form}`, () => text(table())))}
      {request
        ? [
            item('Request', 'Copy as API request', () =>
              shellRequest(window.location.origin, request.path, request.query),
            ),
            item('Python', 'Copy as Python', () => pythonRequest(window.location.origin, request.path, request.query)),
          ]
        : null}
      {item('Link', 'Copy link', props.link ?? (() => window.location.href))}
      {said === null ? null : (
        <Menu.Label role="status">
          <Check size={12} strokeWidth={2} aria-hidden /> {said}
        </Menu.Label>
      )}
    </>
  )
}
