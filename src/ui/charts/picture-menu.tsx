'use client'
import { ActionIcon } from '@mantine/core'
import { Download } from 'lucide-react'
import { type RefObject, useState } from 'react'
import { csvTable } from '#src/core/publish/csv.ts'
import type { TableText } from '#src/core/publish/table.ts'
import { Menu } from '#src/ui/kit/menu.tsx'
import { saveBlob, saveFile } from '#src/ui/kit/save-file.ts'
import { CopyItems, type RequestAsked } from './copy-items.tsx'
import { pngPicture, svgPicture } from './picture.ts'

/**
 * Takes a drawing and the table of its numbers away: SVG, PNG, CSV, Markdown, TSV, LaTeX, JSON, link. Title and notes are written into each, so that a
 * picture says what it shows wherever it ends up.
 *
 * @param drawing the SVG, or a box that holds one; absent: the table alone
 * @param request what a program asks for the same data
 */
export function PictureMenu(props: {
  name: string
  table: TableText
  drawing?: RefObject<Element | null>
  request?: RequestAsked
  /** 24 px, among the tools of a chart. */
  isSmall?: boolean
}) {
  const { name, table, drawing, request, isSmall = false } = props
  const [said, setSaid] = useState<string | null>(null)
  const svg = () => {
    const box = drawing?.current ?? null
    return box instanceof SVGSVGElement ? box : (box?.querySelector<SVGSVGElement>('svg[data-drawing]') ?? null)
  }
  const words = { title: table.title, notes: table.notes }
  const savePng = (found: SVGSVGElement) =>
    void pngPicture(found, words).then((blob) =>
      blob ? saveBlob(`${name}.png`, blob) : setSaid('This browser cannot make a PNG of it; the SVG works'),
    )
  return (
    <Menu position="bottom-end" width={210} onOpen={() => setSaid(null)}>
      <Menu.Target>
        <ActionIcon
          {...(isSmall ? { variant: 'subtle', color: 'gray', size: 24 } : { variant: 'default', size: 30 })}
          aria-label={`Save or copy ${table.title}`}
        >
          <Download size={isSmall ? 14 : 16} strokeWidth={1.75} aria-hidden />
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
        <CopyItems table={() => table} request={request} said={said} onSaid={setSaid} />
      </Menu.Dropdown>
    </Menu>
  )
}
