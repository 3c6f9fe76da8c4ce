'use client'
import { Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs'
import type { PriceBook } from '#src/protocol/prices.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import { AddPriceForm } from './add-price-form.tsx'
import { AddRateForm } from './add-rate-form.tsx'
import { BookFileMenu } from './book-file-menu.tsx'
import { PRICE_COLUMNS, type PriceRow, RATE_COLUMNS } from './price-columns.tsx'
import { bookSentence } from './price-words.ts'
import styles from './prices.module.css'

const VIEW = { book: parseAsString.withDefault('default'), all: parseAsBoolean.withDefault(false) }

/** What device-hours cost, from which source and day, and what currencies are worth; prices are added, never changed. */
export function PricesView({ workspace }: { workspace: string }) {
  const trpc = useTRPC()
  const [{ book, all }, setView] = useQueryStates(VIEW)
  const query = useQuery(trpc.cost.book.queryOptions({ workspace, book }))
  const { data } = query
  return (
    <>
      <PageHead title="Price book" sentence={data ? bookSentence(data) : null}>
        {data && data.books.length > 1 ? (
          <Select
            aria-label="Book"
            w={180}
            value={book}
            data={[...new Set([...data.books, book])]}
            onChange={(value) => void setView({ book: value ?? 'default' })}
          />
        ) : null}
        <BookFileMenu workspace={workspace} book={book} mayWrite={data?.may_write ?? false} />
      </PageHead>
      <UnknownParts known={Object.keys(VIEW)} />
      <Answer query={query} what="The price book" loading={<LoadingRows rows={8} />}>
        {(found) => (
          <>
            <Section
              title="Prices"
              note="per device-hour; paid goes before typical, your own before built in"
              actions={
                <Switch
                  size="xs"
                  label="Earlier and later ones too"
                  checked={all}
                  onChange={(event) => void setView({ all: event.currentTarget.checked })}
                />
              }
            >
              <DataTable
                label="Prices"
                columns={columnsOf(rowsOf(found, all), all)}
                rows={rowsOf(found, all)}
                rowKey={(row) => row.key}
                none="No price."
                request={{ path: '/price-book', query: {} }}
              />
            </Section>
            {found.may_write ? (
              <Section
                title="Add a price"
                note="it holds from its first day on; totals that were kept stay as they are"
              >
                <AddPriceForm workspace={workspace} book={book} />
              </Section>
            ) : (
              <p className={styles.note}>Admins and owners of the workspace add prices.</p>
            )}
            <Section title="Currencies" note="amounts in two currencies are added only through a dated rate">
              <DataTable
                label="Rates"
                request={{ path: '/price-book', query: {} }}
                columns={RATE_COLUMNS}
                rows={found.rates}
                rowKey={(row) => row.id}
                none="No rate yet: totals stay in the currencies of their prices."
              />
              {found.may_write ? <AddRateForm workspace={workspace} book={book} /> : null}
            </Section>
          </>
        )}
      </Answer>
    </>
  )
}

/** Columns that say something: what is paid where somebody told it, and what a price is today beside those of other days. */
const columnsOf = (rows: readonly PriceRow[], all: boolean) =>
  PRICE_COLUMNS.filter(({ key }) =>
    key === 'paid' ? rows.some((row) => row.paid !== null) : key !== 'standing' || all,
  )

const rowsOf = ({ prices }: PriceBook, all: boolean): PriceRow[] => {
  const today = new Date().toISOString().slice(0, 10)
  return prices
    .map((price, i) => ({ ...price, key: price.id ?? `built-in ${i}`, today }))
    .filter((price) => all || price.in_use)
}
