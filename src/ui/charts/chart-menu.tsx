'use client'
import { ActionIcon } from '@mantine/core'
import { Ellipsis } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Menu } from '#src/ui/kit/menu.tsx'
import { saveBlob, saveFile } from '#src/ui/kit/save-file.ts'
import { CopyItems, type RequestAsked } from './copy-items.tsx'
import { resolveColour } from './css-colours.ts'
import { type LinePicture, linePicture } from './line-picture.ts'
import { linesCsv } from './lines-csv.ts'
import { linesText } from './lines-text.ts'
import { pngOfSvg } from './picture.ts'

/** What can be done with a chart of lines: its ranges, pictures, table, code and link; the page's own items stand first. */
export function ChartMenu(props: {
  picture: Omit<LinePicture, 'resolve'>
  /** What a run is called in a file; absent: by its number. */
  runName?: ((run: number) => string) | undefined
  /** What a program asks for the same points. */
  request?: RequestAsked | undefined
  /** Where the link to this chart leads; absent: to the page as it is. */
  link?: (() => string) | undefined
  onRanges: () => void
  /** Items of the page, in groups of their own. */
  items?: ReactNode
}) {
  const { picture, items } = props
  const [said, setSaid] = useState<string | null>(null)
  const { chart, title, notes, labelOf } = picture
  const name = title.replaceAll(/[/\\:]/g, '-')
  const svg = () => linePicture({ ...picture, resolve: resolveColour })
  return (
    <Menu position="bottom-end" width={230} withInitialFocusPlaceholder={false} onOpen={() => setSaid(null)}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={`More for ${title}`}>
          <Ellipsis size={14} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={480} style={{ overflowY: 'auto' }}>
        {items}
        <Menu.Item onClick={props.onRanges}>Set ranges…</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => saveFile(`${name}.svg`, 'image/svg+xml', svg())}>Save as SVG</Menu.Item>
        <Menu.Item
          closeMenuOnClick={false}
          onClick={() =>
            void pngOfSvg(svg()).then((blob) => {
              if (blob) saveBlob(`${name}.png`, blob)
              setSaid(blob ? 'PNG saved' : 'This browser cannot make a PNG of it; the SVG works')
            })
          }
        >
          Save as PNG
        </Menu.Item>
        <Menu.Item onClick={() => saveFile(`${name}.csv`, 'text/csv', linesCsv(chart, props.runName))}>
          Save points as CSV
        </Menu.Item>
        <CopyItems
          table={() => linesText(chart, { title, notes, labelOf })}
          request={props.request}
          said={said}
          onSaid={setSaid}
          {...(props.link && { link: props.link })}
        />
      </Menu.Dropdown>
    </Menu>
  )
}
