'use client'
import { Button } from '@mantine/core'
import { Download, Square, SquareCheck } from 'lucide-react'
import { useState } from 'react'
import { EXPORT_FORMATS, type ExportFormat } from '#src/core/metrics/export-formats.ts'
import { Menu } from '#src/ui/kit/menu.tsx'
import { exportAddress } from './export-address.ts'

const FORMAT_WORDS: Readonly<Record<ExportFormat, { name: string; what: string }>> = {
  csv: { name: 'CSV', what: 'spreadsheets, any tool' },
  jsonl: { name: 'JSON Lines', what: 'scripts' },
  parquet: { name: 'Parquet', what: 'pandas, DuckDB, Polars' },
}

export interface ExportMenuProps {
  workspace: string
  project: string
  /** Numbers and ranges; all runs of the project when absent. */
  runs?: string
  /** What is exported, in words: `Run 17`. */
  what: string
  /** Offers the points of superseded attempts too. */
  hasAttempts?: boolean
}

/** Links to raw points as files. They are saved while the server makes them, so they may be of any size. */
export function ExportMenu({ what, hasAttempts = false, ...place }: ExportMenuProps) {
  const [superseded, setSuperseded] = useState(false)
  const Mark = superseded ? SquareCheck : Square
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <Button leftSection={<Download size={14} strokeWidth={1.75} aria-hidden />}>Export</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{what}: every point, exact</Menu.Label>
        {EXPORT_FORMATS.map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={exportAddress({ ...place, format, superseded })}
            download
            rightSection={<span className="ink-3">{FORMAT_WORDS[format].what}</span>}
          >
            {FORMAT_WORDS[format].name}
          </Menu.Item>
        ))}
        {hasAttempts ? (
          <>
            <Menu.Divider />
            <Menu.CheckboxItem
              checked={superseded}
              onChange={setSuperseded}
              closeMenuOnClick={false}
              rightSection={<Mark size={16} strokeWidth={1.75} aria-hidden />}
              styles={{ itemIndicator: { display: 'none' } }}
            >
              With superseded steps
            </Menu.CheckboxItem>
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  )
}
