import type { ReactNode } from 'react'
import type { PriceBook } from '#src/protocol/prices.ts'
import { Chip } from '#src/ui/kit/chip.tsx'
import type { Column } from '#src/ui/table/data-table.tsx'
import { type BookPrice, priceWords, standingWords, validWords, whereWords } from './price-words.ts'
import styles from './prices.module.css'

export interface PriceRow extends BookPrice {
  key: string
  /** YYYY-MM-DD, to say what a price is today. */
  today: string
}

const absent = <span className="ink-3">–</span>
const amount = (value: string | null): ReactNode =>
  value === null ? absent : <span className={styles.amount}>{priceWords(value)}</span>
const byNumber = (value: string | null): number | null => (value === null ? null : Number(value))

/** A price of the book, with all that it says of itself. */
export const PRICE_COLUMNS: readonly Column<PriceRow>[] = [
  {
    key: 'device',
    title: 'Device',
    head: true,
    nowrap: true,
    sortValue: (row) => row.device,
    cell: (row) => (
      <>
        {row.device}
        {row.assumed ? (
          <>
            {' '}
            <Chip tone="warning">assumed price</Chip>
          </>
        ) : null}
      </>
    ),
  },
  { key: 'where', title: 'Where', nowrap: true, sortValue: whereWords, cell: whereWords },
  { key: 'low', title: 'Low', align: 'right', sortValue: (row) => byNumber(row.low), cell: (row) => amount(row.low) },
  {
    key: 'typical',
    title: 'Typical',
    align: 'right',
    sortValue: (row) => byNumber(row.typical),
    cell: (row) => (row.typical === null ? absent : <strong className={styles.typical}>{amount(row.typical)}</strong>),
  },
  {
    key: 'high',
    title: 'High',
    align: 'right',
    sortValue: (row) => byNumber(row.high),
    cell: (row) => amount(row.high),
  },
  {
    key: 'paid',
    title: 'Paid',
    align: 'right',
    sortValue: (row) => byNumber(row.paid),
    cell: (row) => amount(row.paid),
  },
  { key: 'currency', title: 'Currency', sortValue: (row) => row.currency, cell: (row) => row.currency },
  {
    key: 'priced',
    title: 'Price date',
    nowrap: true,
    sortValue: (row) => row.priced_on,
    cell: (row) => row.priced_on ?? <span className="ink-3">not told</span>,
  },
  { key: 'valid', title: 'Holds', nowrap: true, sortValue: (row) => row.valid_from, cell: validWords },
  {
    key: 'origin',
    title: 'Whose',
    nowrap: true,
    sortValue: (row) => row.origin,
    cell: (row) => (row.origin === 'built_in' ? <span className="ink-2">built in</span> : 'your own'),
  },
  {
    key: 'standing',
    title: 'Today',
    nowrap: true,
    sortValue: (row) => standingWords(row, row.today),
    cell: (row) => (row.in_use ? 'in use' : <span className="ink-3">{standingWords(row, row.today)}</span>),
  },
  { key: 'source', title: 'Source', cell: (row) => <span className={styles.source}>{row.source}</span> },
]

export type RateRow = PriceBook['rates'][number]

/** A rate between two currencies. */
export const RATE_COLUMNS: readonly Column<RateRow>[] = [
  { key: 'pair', title: 'Currencies', head: true, nowrap: true, cell: (row) => `1 ${row.from} in ${row.to}` },
  { key: 'rate', title: 'Rate', align: 'right', cell: (row) => row.rate },
  { key: 'on', title: 'From', nowrap: true, sortValue: (row) => row.on, cell: (row) => row.on },
  { key: 'source', title: 'Source', cell: (row) => row.source },
]
