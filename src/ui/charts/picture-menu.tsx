'use client'
import { ActionIcon, Menu } from '@mantine/core'
import { Check, Download } from 'lucide-react'
import { type RefObject, useState } from 'react'
import { csvTable } from '#src/core/publish/csv.ts'
import { jsonText } from '#src/core/publish/json.ts'
import { latexText } from '#src/core/publish/latex.ts'
import { markdownText } from '#src/core/publish/markdown.ts'
import type { TableText } from '#src/core/publish/table.ts'
import { tsvTable } from '#src/core/publish/tsv.ts'
import { writeText } from '#src/ui/kit/copy-button.tsx'
import { saveBlob, saveFile } from '#src/ui/kit/save-file.ts'
import { pngPicture, svgPicture } from './picture.ts'

const COPIES: readonly (readonly [form: string, text: (table: TableText) => string])[] = [
  ['Markdown', markdownText],
  ['CSV', ({ table }) => csvTable(table)],
  ['TSV', ({ table }) => tsvTable(table)],
  ['LaTeX', latexText],
  ['JSON', jsonText],
]

/**
 * Takes a drawing and the table of its numbers away: SVG, PNG, CSV, Markdown, TSV, LaTeX, JSON, link. Title and notes are written into each, so that a
 * picture says what it shows wherever it ends up.
 *
 * @param drawing the SVG, or a box that holds one; absent: the table alone
 */
export function PictureMenu(props: { name: string; table: TableText; drawing?: RefObject<Element | null> }) {
  const { name, table, drawing } = props
  const [said, setSaid] = useState<string | null>(null)
  const svg = () => {
    const box = drawing?.current ?? null
    return box instanceof SVGSVGElement ? box : (box?.querySelector<SVGSVGElement>('svg[data-drawing]') ?? null)
  }
  const words = { title: table.title, notes: table.notes }
  const copy = (what: string, text: string) =>
    void writeText(text).then((done) => setSaid(done ? `${what} copied` : 'The browser refused to copy'))
  const savePng = (found: SVGSVGElement) =>
    void pngPicture(found, words).then((blob) =>
      blob ? saveBlob(`${name}.png`, blob) : setSaid('This browser cannot make a PNG of it; the SVG works'),
    )
  return (
    <Menu position="bottom-end" width={210} onOpen={() => setSaid(null)}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={`Save or copy ${table.title}`}>
          <Download size={16} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {drawing ? (
          <>
            <Menu.Label>Picture</Menu.Label>
            <Menu.Item
              onClick={() => {
                const found = svg()
                if (found) saveFile(`${name}.svg`, 'image/svg+xml', svgPicture(found, words))
              }}
            >
              Save as SVG
            </Menu.Item>
            <Menu.Item
              onClick={() => {
                const found = svg()
                if (found) savePng(found)
              }}
            >
              Save as PNG
            </Menu.Item>
          </>
        ) : null}
        <Menu.Label>Table</Menu.Label>
        <Menu.Item onClick={() => saveFile(`${name}.csv`, 'text/csv', csvTable(table.table))}>Save as CSV</Menu.Item>
        {COPIES.map(([form, text]) => (
          <Menu.Item key={form} closeMenuOnClick={false} onClick={() => copy(form, text(table))}>
            Copy as {form}
          </Menu.Item>
        ))}
        <Menu.Item closeMenuOnClick={false} onClick={() => copy('Link', window.location.href)}>
          Copy link
        </Menu.Item>
        {said === null ? null : (
          <Menu.Label role="status">
            <Check size={12} strokeWidth={2} aria-hidden /> {said}
          </Menu.Label>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
