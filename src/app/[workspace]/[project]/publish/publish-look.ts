/** What a link to the page carries, and what each table can show. */
import { parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs'
import { csvTable } from '#src/core/publish/csv.ts'
import { jsonText } from '#src/core/publish/json.ts'
import { latexText } from '#src/core/publish/latex.ts'
import { markdownText } from '#src/core/publish/markdown.ts'
import { PUBLISHED_TABLES, type PublishedTableName } from '#src/core/publish/table-names.ts'
import { tsvTable } from '#src/core/publish/tsv.ts'
import type { FrozenSummary, PublishedTable } from '#src/protocol/publish.ts'

type Document = Pick<PublishedTable, 'title' | 'table' | 'foot_rows' | 'notes'>

export const FORMS = ['markdown', 'latex', 'csv', 'tsv', 'json', 'request', 'card'] as const
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
  tsv: { word: 'TSV', type: 'text/tab-separated-values', end: 'tsv' },
  json: { word: 'JSON', type: 'application/json', end: 'json' },
  request: { word: 'API request, Python', type: 'text/plain', end: 'txt' },
  card: { word: 'Model card', type: 'text/markdown', end: 'md' },
}

/** Forms that are made of the very cells of the screen. */
export type TextForm = Exclude<Form, 'card' | 'request'>

/** The table in one of its forms. */
export function formOf(form: TextForm, document: Document): string {
  const of = { ...document, footRows: document.foot_rows }
  if (form === 'markdown') return markdownText(of)
  if (form === 'latex') return latexText(of)
  if (form === 'json') return jsonText(of)
  return form === 'csv' ? csvTable(document.table) : tsvTable(document.table)
}

/** What the machine door is asked for the table of this choice; defaults are left out. */
export function requestOf(choice: FrozenSummary['choice']): Record<string, string> {
  const { table, model, decimals, intervals, lost, change, turned, groups } = choice
  return {
    table,
    ...(model !== null && { model: String(model) }),
    ...(decimals !== 1 && { decimals: String(decimals) }),
    ...(intervals && { intervals: 'true' }),
    ...(!lost && { lost: 'false' }),
    ...(change && { change: 'true' }),
    ...(turned && { turned: 'true' }),
    ...(groups !== null && { groups }),
  }
}
