/** What a link to the page carries, and what each table can show. */
import { parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs'
import { csvTable } from '#src/core/publish/csv.ts'
import { latexText } from '#src/core/publish/latex.ts'
import { markdownText } from '#src/core/publish/markdown.ts'
import { PUBLISHED_TABLES, type PublishedTableName } from '#src/core/publish/table-names.ts'
import type { PublishedTable } from '#src/protocol/publish.ts'

export const FORMS = ['markdown', 'latex', 'csv', 'card'] as const
export type Form = (typeof FORMS)[number]

export const PUBLISH_VIEW = {
  table: parseAsStringLiteral(PUBLISHED_TABLES).withDefault('benchmarks'),
  model: parseAsInteger,
  decimals: parseAsInteger.withDefault(1),
  intervals: parseAsBoolean.withDefault(false),
  lost: parseAsBoolean.withDefault(true),
  change: parseAsBoolean.withDefault(false),
  turned: parseAsBoolean.withDefault(false),
  groups: parseAsString,
  form: parseAsStringLiteral(FORMS).withDefault('markdown'),
}

export const TABLE_WORDS: Readonly<Record<PublishedTableName, string>> = {
  benchmarks: 'Stage by benchmark',
  trials: 'Trials',
  groups: 'Groups of abilities',
  stages: 'Stages of one model',
  models: 'Models by stage',
  ladder: 'Checkpoint ladder',
}

export const FORM_WORDS: Readonly<Record<Form, { word: string; type: string; end: string }>> = {
  markdown: { word: 'Markdown', type: 'text/markdown', end: 'md' },
  latex: { word: 'LaTeX', type: 'application/x-latex', end: 'tex' },
  csv: { word: 'CSV', type: 'text/csv', end: 'csv' },
  card: { word: 'Model card', type: 'text/markdown', end: 'md' },
}

/** The table in one of its forms: the very cells of the screen. */
export function formOf(form: Exclude<Form, 'card'>, published: PublishedTable): string {
  const of = { ...published, footRows: published.foot_rows }
  if (form === 'markdown') return markdownText(of)
  return form === 'latex' ? latexText(of) : csvTable(published.table)
}
