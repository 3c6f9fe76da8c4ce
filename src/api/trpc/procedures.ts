/**
 * The only place where tRPC procedures are begun: each carries in `meta.permission` what it asks for, and the browser's session is
 * the only way in. Verbs check again beside the data; here the caller is stopped before input is looked at twice.
 */
import { initTRPC, TRPCError } from '@trpc/server'
import * as z from 'zod'
import type { Permission } from '#src/core/roles/permissions.ts'
import { ROLE_PERMISSIONS } from '#src/core/roles/permissions.ts'
import { Slug } from '#src/protocol/words.ts'
import type { Actor } from '#src/services/actor.ts'
import type { Context } from '#src/services/context.ts'
import { notFound, Refusal } from '#src/services/errors.ts'
import { tellProblem } from '../problem.ts'

/** What a procedure asks for: a permission in a workspace, a signed-in user, or nothing. */
export interface ProcedureMeta {
  permission: Permission | 'user' | 'public'
}

/** What a screen reads from a failed call: `error.data.problem.code`, `.detail`, and members such as `errors`. */
export type ProblemData = ReturnType<typeof tellProblem>['body']

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    sse: { ping: { enabled: true, intervalMs: 10_000 }, client: { reconnectAfterInactivityMs: 25_000 } },
    errorFormatter: ({ shape, error, ctx }) => {
      const problem = tellProblem(refusalOf(error), ctx?.requestId ?? '').body
      return {
        code: shape.code,
        message: problem.detail,
        data: { code: shape.data.code, httpStatus: shape.data.httpStatus, path: shape.data.path, problem },
      }
    },
  })

export const router = t.router
export const createCaller = t.createCallerFactory

const STATUS_CODES: Readonly<Record<number, TRPCError['code']>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  408: 'TIMEOUT',
  409: 'CONFLICT',
  410: 'NOT_FOUND',
  412: 'PRECONDITION_FAILED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
}

/** The refusal behind tRPC's own error; bad input (zod's error) becomes one too. */
function refusalOf(error: TRPCError): unknown {
  if (error.cause instanceof Refusal) return error.cause
  if (error.cause instanceof z.ZodError || error.code === 'PARSE_ERROR') {
    const issues = error.cause instanceof z.ZodError ? error.cause.issues : []
    const errors = issues.map((issue) => ({ pointer: `/${issue.path.map(String).join('/')}`, message: issue.message }))
    const first = errors[0]
    return new Refusal('invalid_request', first ? `${first.pointer}: ${first.message}` : 'The input is not valid.', {
      errors,
    })
  }
  if (error.code === 'NOT_FOUND') return new Refusal('not_found', error.message)
  if (error.code === 'BAD_REQUEST') return new Refusal('invalid_request', error.message)
  if (error.code === 'METHOD_NOT_SUPPORTED') return new Refusal('method_not_allowed', error.message)
  if (error.code === 'UNSUPPORTED_MEDIA_TYPE') return new Refusal('unsupported_media', error.message)
  return error.cause ?? error
}

/** Translates what verbs throw, once for all procedures; what nobody expected goes to the log whole. */
const translated = t.middleware(async ({ ctx, next, path }) => {
  const result = await next()
  if (result.ok) return result
  const cause = refusalOf(result.error)
  const told = tellProblem(cause, ctx.requestId)
  if (told.unexpected)
    ctx.services.log.error({ err: cause, request_id: ctx.requestId, procedure: path }, 'A procedure failed.')
  throw new TRPCError({ code: STATUS_CODES[told.status] ?? 'INTERNAL_SERVER_ERROR', message: told.body.detail, cause })
})

/** For nobody in particular; the names of these are frozen in a test. */
export const publicProcedure = t.procedure.meta({ permission: 'public' }).use(translated)

export type UserActor = Extract<Actor, { kind: 'user' }>

/** Narrows to somebody who is signed in; an existence check of a session object would fail open. */
function requireUser(actor: Actor): UserActor {
  if (actor.kind !== 'user' || !(actor.userId > 0))
    throw new Refusal('unauthenticated', 'Sign in: your session has ended or was revoked.')
  return actor
}

/** For whoever is signed in. */
export const userProcedure = t.procedure
  .meta({ permission: 'user' })
  .use(translated)
  .use(({ ctx, next }) => next({ ctx: { ...ctx, actor: requireUser(ctx.actor) } }))

/** The workspace of the URL; the same refusal for an absent and a foreign one. */
function requireMember(actor: UserActor, workspace: string, permission: Permission): void {
  const member = actor.memberships.find((m) => m.slug === workspace)
  if (!member) throw notFound('The workspace')
  if (!ROLE_PERMISSIONS[member.role].includes(permission))
    throw new Refusal('forbidden', `This needs the permission ${permission}; your role here is ${member.role}.`, {
      permission,
    })
}

/** For members of `input.workspace` whose role has the permission. */
export const workspaceProcedure = (permission: Permission) =>
  userProcedure
    .meta({ permission })
    .input(z.object({ workspace: Slug }))
    .use(({ ctx, input, next }) => {
      requireMember(ctx.actor, input.workspace, permission)
      return next()
    })

/** The same for a project of the workspace; whether the project is there, the verb finds out. */
export const projectProcedure = (permission: Permission) =>
  workspaceProcedure(permission).input(z.object({ project: Slug }))
