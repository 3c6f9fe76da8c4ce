import * as z from 'zod'
import { SavedView, ViewChange, ViewInput, ViewPlace, Views, ViewsQuery } from '#src/protocol/views.ts'
import { Slug } from '#src/protocol/words.ts'
import { getView, listViews } from '#src/services/views/read.ts'
import { changeView, deleteView, saveView } from '#src/services/views/save.ts'
import { defineRoute, type Route } from '../define-route.ts'

const ProjectParams = z.object({ project: Slug })
const ViewParams = ProjectParams.extend(ViewPlace.shape)

export const viewsRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/projects/{project}/views',
    summary: 'Saved views of a page; a key sees the shared ones',
    tag: 'Views',
    permission: 'run:read',
    params: ProjectParams,
    query: ViewsQuery,
    answers: { 200: { description: 'By name.', shape: Views } },
    handler: async (ctx, { params, query }) => ({ status: 200, body: await listViews(ctx, { ...query, ...params }) }),
  }),
  defineRoute({
    method: 'post',
    path: '/projects/{project}/views',
    summary: 'Save a view for all who read the project; private views and links are those of people',
    tag: 'Views',
    permission: 'note:write',
    params: ProjectParams,
    body: ViewInput,
    idempotent: true,
    answers: { 201: { description: 'The view with its key.', shape: SavedView } },
    handler: async (ctx, { params, body }) => ({ status: 201, body: await saveView(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/views/{view}',
    summary: 'A saved view or a link, with its state',
    tag: 'Views',
    permission: 'run:read',
    params: ViewParams,
    answers: { 200: { description: 'The view.', shape: SavedView } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getView(ctx, params) }),
  }),
  defineRoute({
    method: 'patch',
    path: '/projects/{project}/views/{view}',
    summary: 'Change a shared view; answered with conflict, and the view as it is, when somebody changed it meanwhile',
    tag: 'Views',
    permission: 'note:write',
    params: ViewParams,
    body: ViewChange,
    answers: { 200: { description: 'The view as it is now.', shape: SavedView } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await changeView(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'delete',
    path: '/projects/{project}/views/{view}',
    summary: 'Delete a shared view',
    tag: 'Views',
    permission: 'note:write',
    params: ViewParams,
    answers: { 200: { description: 'The view as it was; saved again under its key it is back.', shape: SavedView } },
    handler: async (ctx, { params }) => ({ status: 200, body: await deleteView(ctx, params) }),
  }),
]
