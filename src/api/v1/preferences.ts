import * as z from 'zod'
import { Battle, BattlesAnswer, BattlesInput, PreferenceRatings, PreferencesQuery } from '#src/protocol/preferences.ts'
import { PageQuery, page, Slug } from '#src/protocol/words.ts'
import { listBattlesOfProject } from '#src/services/preferences/list.ts'
import { postBattles } from '#src/services/preferences/post.ts'
import { getPreferences } from '#src/services/preferences/ratings.ts'
import { defineRoute, type Route } from '../define-route.ts'

const ProjectParams = z.object({ project: Slug })
/** 10,000 battles. */
const BATTLES_BYTES_MAX = 8 * 1024 * 1024

export const preferencesRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/projects/{project}/battles',
    summary: 'Keep battles: which of two answers was preferred, at most 10,000; a battle may be repeated',
    tag: 'Preferences',
    permission: 'eval:write',
    params: ProjectParams,
    body: BattlesInput,
    bodyLimit: BATTLES_BYTES_MAX,
    idempotent: true,
    answers: { 201: { description: 'They are kept.', shape: BattlesAnswer } },
    handler: async (ctx, { params, body }) => ({ status: 201, body: await postBattles(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/battles',
    summary: 'Battles of a project, the newest first',
    tag: 'Preferences',
    permission: 'eval:read',
    params: ProjectParams,
    query: PageQuery,
    answers: { 200: { description: 'A page of battles.', shape: page(Battle) } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await listBattlesOfProject(ctx, { ...query, ...params }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/preferences',
    summary: 'Models rated by their battles (Bradley–Terry), win shares of pairs, agreement of raters',
    tag: 'Preferences',
    permission: 'eval:read',
    params: ProjectParams,
    query: PreferencesQuery,
    answers: { 200: { description: 'The ratings, or why there are none.', shape: PreferenceRatings } },
    handler: async (ctx, { params, query }) => ({
      status: 200,
      body: await getPreferences(ctx, { ...query, ...params }),
    }),
  }),
]
