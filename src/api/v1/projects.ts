import * as z from 'zod'
import { Project, ProjectChange, ProjectInput, ProjectSummary } from '#src/protocol/projects.ts'
import { ProjectStorage } from '#src/protocol/storage.ts'
import { PageQuery, page, Slug } from '#src/protocol/words.ts'
import { getProject } from '#src/services/projects/get.ts'
import { listProjects } from '#src/services/projects/list.ts'
import { putProject } from '#src/services/projects/put.ts'
import { getProjectStorage } from '#src/services/projects/storage-use.ts'
import { updateProject } from '#src/services/projects/update.ts'
import { defineRoute, type Route } from '../define-route.ts'

const ProjectParams = z.object({ project: Slug })

export const projectsRoutes: readonly Route[] = [
  defineRoute({
    method: 'put',
    path: '/projects/{project}',
    summary: 'Make a project on first use, or answer the one that is there',
    tag: 'Projects',
    permission: 'project:read',
    params: ProjectParams,
    body: ProjectInput,
    answers: {
      200: { description: 'It was there.', shape: Project },
      201: { description: 'It was made; this needs project:create.', shape: Project },
    },
    handler: async (ctx, { params, body }) => {
      const { created, project } = await putProject(ctx, { ...body, ...params })
      return { status: created ? 201 : 200, body: project }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/projects',
    summary: 'Projects with what they hold, newest first',
    tag: 'Projects',
    permission: 'project:read',
    query: PageQuery,
    answers: { 200: { description: 'A page of projects.', shape: page(ProjectSummary) } },
    handler: async (ctx, { query }) => ({ status: 200, body: await listProjects(ctx, query) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}',
    summary: 'A project, also by a slug that it once had',
    tag: 'Projects',
    permission: 'project:read',
    params: ProjectParams,
    answers: { 200: { description: 'The project.', shape: Project } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getProject(ctx, params) }),
  }),
  defineRoute({
    method: 'patch',
    path: '/projects/{project}',
    summary:
      'Change a project: name, slug (the old one goes on leading to it), what is kept of old runs. Not for ingest keys',
    tag: 'Projects',
    permission: 'project:create',
    params: ProjectParams,
    body: ProjectChange,
    answers: { 200: { description: 'The project as it is now.', shape: Project } },
    handler: async (ctx, { params, body }) => ({ status: 200, body: await updateProject(ctx, { ...body, ...params }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/projects/{project}/storage',
    summary: 'What a project takes on disk: points, bytes by kind, bytes per point, its largest runs',
    tag: 'Projects',
    permission: 'run:read',
    params: ProjectParams,
    answers: { 200: { description: 'Counted at most once a minute.', shape: ProjectStorage } },
    handler: async (ctx, { params }) => ({ status: 200, body: await getProjectStorage(ctx, params) }),
  }),
]
