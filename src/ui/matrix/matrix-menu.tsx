'use client'
import { ActionIcon } from '@mantine/core'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { csvTable } from '#src/core/publish/csv.ts'
import { CopyItems, type RequestAsked } from '#src/ui/charts/copy-items.tsx'
import { pngPicture, svgPicture } from '#src/ui/charts/picture.ts'
import { Menu } from '#src/ui/kit/menu.tsx'
import { saveBlob, saveFile } from '#src/ui/kit/save-file.ts'
import type { Entry } from './arrange-rows.ts'
import { matrixDrawing } from './matrix-drawing.ts'
import type { MatrixModel } from './matrix-model.ts'
import { cellsTable, matrixTable } from './matrix-table.ts'

/** Takes a matrix away as it stands: picture, table, link. What it is compared with and how is written into each. */
export function MatrixMenu(props: {
  name: string
  title: string
  notes: readonly string[]
  model: MatrixModel
  entries: readonly Entry[]
  hideUncertain: boolean
  request: RequestAsked
}) {
  const { name, title, notes, model, entries, hideUncertain, request } = props
  const [said, setSaid] = useState<string | null>(null)
  const draw = async <T,>(take: (svg: SVGSVGElement) => T | Promise<T>): Promise<T | null> => {
    // Measured in the document, out of sight: colours are the page's.
    const host = document.createElement('div')
    host.style.cssText = 'position:absolute;left:-99999px;top:0'
    host.setAttribute('aria-hidden', 'true')
    host.innerHTML = matrixDrawing(model, entries, hideUncertain)
    document.body.append(host)
    try {
      const svg = host.querySelector('svg')
      return svg ? await take(svg) : null
    } finally {
      host.remove()
    }
  }
  const words = { title, notes }
  return (
    <Menu position="bottom-end" width={210} onOpen={() => setSaid(null)}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={`Save or copy: ${title}`}>
          <Download size={16} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Picture</Menu.Label>
        <Menu.Item onClick={() => void draw((svg) => saveFile(`${name}.svg`, 'image/svg+xml', svgPicture(svg, words)))}>
          Save as SVG
        </Menu.Item>
        <Menu.Item
          onClick={() =>
            void draw((svg) => pngPicture(svg, words)).then((blob) =>
              blob ? saveBlob(`${name}.png`, blob) : setSaid('This browser cannot make a PNG of it; the SVG works'),
            )
          }
        >
          Save as PNG
        </Menu.Item>
        <Menu.Label>Table</Menu.Label>
        <Menu.Item onClick={() => saveFile(`${name}.csv`, 'text/csv', csvTable(cellsTable(model, entries)))}>
          Save as CSV, a row per cell
        </Menu.Item>
        <CopyItems table={() => matrixTable(model, entries, words)} request={request} said={said} onSaid={setSaid} />
      </Menu.Dropdown>
    </Menu>
  )
}
