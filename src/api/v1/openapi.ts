import { type OpenAPIHono, z as openApiZod } from '@hono/zod-openapi'
import { PROBLEMS, Problem } from '#src/protocol/problem.ts'
import type { Route } from '../define-route.ts'

type Registry = OpenAPIHono['openAPIRegistry']
type PathConfig = Parameters<Registry['registerPath']>[0]

/**
 * Registers the routes' shapes with the app.
 *
 * @returns makes the OpenAPI 3.1 document, once, when it is first asked for
 */
export function describeRoutes(
  app: Pick<OpenAPIHono, 'openAPIRegistry' | 'getOpenAPI31Document'>,
  routes: readonly Route[],
): () => object {
  let made: object | null = null
  return () => {
    if (made) return made
    app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
      type: 'http',
      scheme: 'bearer',
      description: 'An API key or a token of an agent or a job: Authorization: Bearer dsc_…',
    })
    for (const route of routes) app.openAPIRegistry.registerPath(pathOf(route))
    made = app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Descent',
        version: '1',
        description:
          'The native door. Refusals are RFC 9457 problem documents with a stable code. Fields that are not known are ignored.',
      },
      servers: [{ url: '/' }],
    })
    return made
  }
}

function pathOf(route: Route): PathConfig {
  const { params, query } = route
  return {
    method: route.method,
    path: `/api/v1${route.path}`,
    summary: route.summary,
    tags: [route.tag],
    operationId: operationId(route),
    ...(route.auth === 'key' && { security: [{ key: [] }] }),
    ...(route.permission && { description: `Needs ${route.permission}.` }),
    request: {
      ...(params instanceof openApiZod.ZodObject && { params }),
      ...(query instanceof openApiZod.ZodObject && { query }),
      ...bodyOf(route),
    },
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, answer]) => [
          status,
          {
            description: answer.description,
            ...(answer.shape && { content: { 'application/json': { schema: answer.shape } } }),
          },
        ]),
      ),
      default: {
        description: `A refusal: ${Object.keys(PROBLEMS).join(', ')}`,
        content: { 'application/problem+json': { schema: Problem } },
      },
    },
  }
}

function bodyOf(route: Route): { body?: NonNullable<NonNullable<PathConfig['request']>['body']> } {
  if (route.raw === 'stream')
    return { body: { content: { 'application/octet-stream': { schema: BINARY } }, required: true } }
  if (!route.body) return {}
  const required = !route.body.safeParse({}).success
  const others = (route.contentTypes ?? []).map((type) => [type, { schema: BINARY }] as const)
  return {
    body: { content: { 'application/json': { schema: route.body }, ...Object.fromEntries(others) }, required },
  }
}

const BINARY = openApiZod.string().meta({ type: 'string', format: 'binary' })

/** `postRunsMetrics` for `POST /runs/{run}/metrics`. */
function operationId({ method, path }: Route): string {
  const words = path.split('/').filter((word) => word !== '')
  return (
    method +
    words
      .map((word) => word.replaceAll(/[{}]/g, ''))
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('')
  )
}
