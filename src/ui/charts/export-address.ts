import type { ExportFormat } from '#src/core/metrics/export-formats.ts'

export interface ExportChoice {
  workspace: string
  project: string
  /** Numbers and ranges; all runs of the project when absent. */
  runs?: string | undefined
  format: ExportFormat
  superseded: boolean
}

/** Where a page's link to a file of raw points leads. */
export function exportAddress({ workspace, project, runs, format, superseded }: ExportChoice): string {
  const query = new URLSearchParams({ workspace, project, format })
  if (runs !== undefined) query.set('runs', runs)
  if (superseded) query.set('attempts', 'all')
  return `/api/screen/export?${query}`
}
