// Numbers as the terminal shows them; the screens have their own, in src/core/format.

/** 15.6T, 7.24B, 936k: a letter from 1,000 on, three significant digits. */
export function count(n) {
  if (n === null || n === undefined) return '–'
  for (const [size, letter] of [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ])
    if (n >= size) return `${(n / size).toPrecision(3)}${letter}`
  return String(n)
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return '–'
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${Math.round(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} m`
}

/** Three decimals with a real minus; `sign` prints + too. */
export function decimal(x, sign = false) {
  if (x === null || x === undefined) return '–'
  return `${x < 0 ? '−' : sign ? '+' : ''}${Math.abs(x).toFixed(3)}`
}

/** Rows of words in columns; columns whose head begins with '>' are right-aligned. */
export function table(heads, rows) {
  const right = heads.map((h) => h.startsWith('>'))
  const cells = [heads.map((h) => h.replace(/^>/, '')), ...rows]
  const widths = heads.map((_, i) => Math.max(...cells.map((row) => [...row[i]].length)))
  const line = (row) =>
    `  ${row.map((cell, i) => (right[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ')}`.trimEnd()
  return [line(cells[0]), `  ${widths.map((w) => '─'.repeat(w)).join('  ')}`, ...cells.slice(1).map(line)].join('\n')
}
