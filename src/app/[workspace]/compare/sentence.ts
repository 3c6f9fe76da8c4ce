import type { SideBySide } from '#src/protocol/comparisons.ts'

/** The readings in one sentence; without any, how many stand side by side and from how many projects. */
export function sentenceOf({ entries, readings }: SideBySide): string {
  const told = readings.flatMap((reading, i) => {
    const compared = reading && reading.gained + reading.lost + reading.unclear > 0
    return compared ? [`${entries[i]?.name}: ${reading.title}`] : []
  })
  if (told.length > 0) return told.slice(0, 2).join('; ') + (told.length > 2 ? `; ${told.length - 2} more` : '')
  const projects = new Set(entries.map(({ stage }) => stage.project)).size
  return `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}${projects > 1 ? ` of ${projects} projects` : ''}`
}
