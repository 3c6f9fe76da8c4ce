'use client'
import { Button } from '@mantine/core'
import { Copy } from 'lucide-react'
import { type RefObject, useState } from 'react'
import { csvTable } from '#src/core/publish/csv.ts'
import { CopyItems, type RequestAsked } from '#src/ui/charts/copy-items.tsx'
import { Menu } from '#src/ui/kit/menu.tsx'
import { saveFile } from '#src/ui/kit/save-file.ts'
import styles from './table.module.css'
import { tableText } from './table-text.ts'

/**
 * A menu below a table that takes it away in every form, as it stands on the screen.
 *
 * @param of the box that holds the table
 * @param request what a program asks for the same data
 */
export function TableCopies(props: { of: RefObject<HTMLElement | null>; title: string; request?: RequestAsked }) {
  const { of, title, request } = props
  const [said, setSaid] = useState<string | null>(null)
  const read = () => {
    const found = of.current?.querySelector('table')
    return found ? tableText(found, title) : { title, table: { columns: [], rows: [] }, footRows: 0, notes: [] }
  }
  const name = title.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-').slice(0, 80)
  return (
    <div className={styles.copies}>
      <Menu position="bottom-end" width={210} withInitialFocusPlaceholder={false} onOpen={() => setSaid(null)}>
        <Menu.Target>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={`Copy the table: ${title}`}
            leftSection={<Copy size={12} strokeWidth={1.75} aria-hidden />}
          >
            Copy
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => saveFile(`${name}.csv`, 'text/csv', csvTable(read().table))}>Save as CSV</Menu.Item>
          <CopyItems table={read} request={request} said={said} onSaid={setSaid} />
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
