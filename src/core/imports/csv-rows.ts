/** Rows of a CSV text that comes in pieces (RFC 4180): quoted cells may hold commas, quotes written twice, and line breaks. */

export interface CsvReader {
  /** Rows that the piece completes. A line without any cell is left out. */
  push(piece: string): string[][]
  /** The last row where the text does not end with a line break. */
  end(): string[][]
}

/** @param cellMax characters of one cell; what is longer is cut, so that a quote that is never closed does not fill the memory */
export function csvReader(cellMax = 100_000): CsvReader {
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  let wasQuote = false
  let isStart = true
  const take = (c: string): void => {
    if (cell.length < cellMax) cell += c
  }
  const endCell = (): void => {
    row.push(cell)
    cell = ''
    wasQuote = false
  }
  const endRow = (rows: string[][]): void => {
    endCell()
    if (row.some((text) => text !== '')) rows.push(row)
    row = []
  }
  return {
    push(piece) {
      const rows: string[][] = []
      for (const c of isStart && piece.length > 0 ? piece.replace(/^\ufeff/, '') : piece) {
        if (isQuoted) {
          if (c === '"') {
            isQuoted = false
            wasQuote = true
          } else take(c)
        } else if (c === '"') {
          // Two quotes inside a quoted cell are one.
          if (wasQuote) take('"')
          isQuoted = true
          wasQuote = false
        } else if (c === ',') endCell()
        else if (c === '\n') endRow(rows)
        else if (c !== '\r') take(c)
      }
      if (piece.length > 0) isStart = false
      return rows
    },
    end() {
      const rows: string[][] = []
      endRow(rows)
      return rows
    },
  }
}
