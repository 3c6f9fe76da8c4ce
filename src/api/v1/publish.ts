import * as z from 'zod'
import { csvTable } from '#src/core/publish/csv.ts'
import { latexText } from '#src/core/publish/latex.ts'
import { markdownText } from '#src/core/publish/markdown.ts'
import { CardFormQuery, ModelCard, PublishedTable, PublishFormQuery } from '#src/protocol/publish.ts'
import { Slug } from '#src/protocol/words.ts'
import { getModelCard } from '#src/services/publish/get-card.ts'
import { getPublishedTable } from '#src/services/publish/get-table.ts'
import { defineRoute, type Route } from '../define-route.ts'

const ProjectParams = z.object({ project: Slug })

const text = (type: string, body: string): Response =>
  new Response(body, { status: 200, headers: { 'content-type': `${type}; charset=utf-8` } })

const FORMS = {
  markdown: (of: PublishedTable) => text('text/markdown', markdownText({ ...of, footRows: of.foot_rows })),
  latex: (of: PublishedTable) => text('application/x-latex', latexText({ ...of, footRows: of.foot_rows })),
  csv: (of: PublishedTable) => text('text/csv', csvTable(of.table)),
}

export const publishRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/projects/{project}/publish',
    summary: 'A table of a model for a release page, a card or a paper: as JSON, Markdown, LaTeX or CSV',
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
]
