'use client'
import { Button, FileButton } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Download, Upload } from 'lucide-react'
import { useState } from 'react'
import { Menu } from '#src/ui/kit/menu.tsx'
import { saveFile } from '#src/ui/kit/save-file.ts'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './prices.module.css'

const TYPES = { csv: 'text/csv', json: 'application/json' } as const
type Format = keyof typeof TYPES

/** Saves the book as a file, and takes one in; what is there already is left as it is. */
export function BookFileMenu(props: { workspace: string; book: string; mayWrite: boolean }) {
  const { workspace, book } = props
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [said, setSaid] = useState<string | null>(null)
  const take = useMutation(
    trpc.cost.importBook.mutationOptions({
      onSuccess: async ({ prices_added, rates_added, unchanged }) => {
        setSaid(
          `${count(prices_added, 'price')} and ${count(rates_added, 'rate')} added, ${unchanged} were there already.`,
        )
        await queryClient.invalidateQueries(trpc.cost.pathFilter())
      },
      onError: (error) => setSaid(readFailure(error).sentence),
    }),
  )
  const save = async (format: Format) => {
    try {
      const file = await queryClient.fetchQuery(trpc.cost.exportBook.queryOptions({ workspace, book, format }))
      saveFile(file.name, TYPES[format], file.text)
      setSaid(`Saved as ${file.name}.`)
    } catch (error) {
      setSaid(readFailure(error).sentence)
    }
  }
  const read = async (file: File | null) => {
    if (!file) return
    const format: Format = file.name.toLowerCase().endsWith('.csv') ? 'csv' : 'json'
    take.mutate({ workspace, book, format, text: await file.text() })
  }
  return (
    <>
      <span className={styles.said} role="status">
        {said}
      </span>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button leftSection={<Download size={14} aria-hidden />}>Export</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void save('csv')}>CSV, for a spreadsheet</Menu.Item>
          <Menu.Item onClick={() => void save('json')}>JSON, for programs</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {props.mayWrite ? (
        <FileButton
          accept=".csv,.json"
          onChange={(file) => void read(file)}
          inputProps={{ 'aria-label': 'Import a price book' }}
        >
          {(button) => (
            <Button {...button} loading={take.isPending} leftSection={<Upload size={14} aria-hidden />}>
              Import
            </Button>
          )}
        </FileButton>
      ) : null}
    </>
  )
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
