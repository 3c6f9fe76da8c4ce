import * as z from 'zod'
import { csvTable } from '#src/core/publish/csv.ts'
import { latexText } from '#src/core/publish/latex.ts'
import { markdownText } from '#src/core/publish/markdown.ts'
import { tsvTable } from '#src/core/publish/tsv.ts'
import {
  CardFormQuery,
  FreezeInput,
  FrozenFormQuery,
  FrozenSummary,
  FrozenTable,
  ModelCard,
  PublishedTable,
  PublishFormQuery,
} from '#src/protocol/publish.ts'
import { Slug, Uid } from '#src/protocol/words.ts'
import { deleteFrozenTable, freezeTable, getFrozenTable, listFrozenTables } from '#src/services/publish/freeze.ts'
import { getModelCard } from '#src/services/publish/get-card.ts'
import { getPublishedTable } from '#src/services/publish/get-table.ts'
import { defineRoute, type Route } from '../define-route.ts'

const ProjectParams = z.object({ project: Slug })

const text = (type: string, body: string): Response =>
  new Response(body, { status: 200, headers: { 'content-type': `${type}; charset=utf-8` } })

type Document = FrozenTable['document']

const FORMS = {
  markdown: (of: Document) => text('text/markdown', markdownText({ ...of, footRows: of.foot_rows })),
  latex: (of: Document) => text('application/x-latex', latexText({ ...of, footRows: of.foot_rows })),
  csv: (of: Document) => text('text/csv', csvTable(of.table)),
  tsv: (of: Document) => text('text/tab-separated-values', tsvTable(of.table)),
}

const FrozenParams = ProjectParams.extend({ table: Uid })

export const publishRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/projects/{project}/publish',
    summary: 'A table of a model for a release page, a card or a paper: as JSON, Markdown, LaTeX, CSV or TSV',
    tag: 'Publish',
    permission: 'eval:read',
    params: ProjectParams,
    query: PublishFormQuery,
    answers: { 200: { description: 'The table, printed; with another format its text.', shape: PublishedTable } },
    handler: async (ctx, { params, query: { format, ...query } }) => {
      const table = await getPublishedTable(ctx, { ...query, ...params })
      return format === 'json' ? { status: 200, body: table } : FORMS[format](table)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/card',
    summary: 'A model card: front matter with base_model, stages and results',
    tag: 'Publish',
    permission: 'eval:read',
    params: ProjectParams,
    query: CardFormQuery,
    answers: { 200: { description: 'The card; as Markdown its text alone.', shape: ModelCard } },
    handler: async (ctx, { params, query: { format, ...query } }) => {
      const card = await getModelCard(ctx, { ...query, ...params })
      return format === 'json' ? { status: 200, body: card } : text('text/markdown', card.markdown)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/frozen-tables',
    summary: 'Tables that people froze, the newest first',
    tag: 'Publish',
    permission: 'eval:read',
    params: ProjectParams,
    answers: { 200: { description: 'Without their cells.', shape: z.object({ items: z.array(FrozenSummary) }) } },
    handler: async (ctx, { params }) => ({ status: 200, body: await listFrozenTables(ctx, params) }),
  }),
  defineRoute({
    method: 'post',
    path: '/projects/{project}/frozen-tables',
    summary: 'Keep a published table as it stands; not for ingest keys',
    tag: 'Publish',
    permission: 'note:write',
    params: ProjectParams,
    body: FreezeInput,
    idempotent: true,
    answers: { 201: { description: 'The frozen table under its id.', shape: FrozenTable } },
    handler: async (ctx, { params, body }) => ({ status: 201, body: await freezeTable(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/frozen-tables/{table}',
    summary: 'A frozen table as it was printed, and where the live one says something else now',
    tag: 'Publish',
    permission: 'eval:read',
    params: FrozenParams,
    query: FrozenFormQuery,
    answers: { 200: { description: 'The document; with another format its text.', shape: FrozenTable } },
    handler: async (ctx, { params, query: { format } }) => {
      const frozen = await getFrozenTable(ctx, params)
      return format === 'json' ? { status: 200, body: frozen } : FORMS[format](frozen.document)
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/projects/{project}/frozen-tables/{table}',
    summary: 'Take a frozen table away for good: its author, or an admin',
    tag: 'Publish',
    permission: 'note:write',
    params: FrozenParams,
    answers: { 204: { description: 'It is gone.' } },
    handler: async (ctx, { params }) => {
      await deleteFrozenTable(ctx, params)
      return { status: 204 }
    },
  }),
]
