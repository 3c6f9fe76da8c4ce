import * as z from 'zod'
import { PROBLEMS } from '#src/protocol/problem.ts'
import type { Route } from '../define-route.ts'

/**
 * The readable page of the native door: one self-contained document without scripts, whose style sheet carries the request's nonce.
 *
 * @param nonce the one that the answer's Content-Security-Policy names
 */
export function readDocsPage(nonce: string | string[] | undefined, routes: readonly Route[]): Response {
  const tags = [...new Set(routes.map((route) => route.tag))]
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · Descent</title>
<style nonce="${escapeHtml(typeof nonce === 'string' ? nonce : '')}">${STYLE}</style>
</head>
<body>
<header><h1>Descent API</h1>
<p>Everything a machine or a script uses, under <code>/api/v1</code>. The same as a document: <a href="/api/v1/openapi.json">OpenAPI 3.1</a>.</p>
<p>Send the key as <code>Authorization: Bearer dsc_…</code>. Bodies are JSON, at most 1 MiB unless a route says otherwise; gzip is taken. Refusals are
problem documents (<code>application/problem+json</code>) with a stable <code>code</code>.</p>
<nav aria-label="Resources">${tags.map((tag) => `<a href="#${slug(tag)}">${escapeHtml(tag)}</a>`).join(' ')} <a href="#refusals">refusals</a></nav></header>
<main>
${tags
  .map((tag) =>
    section(
      tag,
      routes.filter((route) => route.tag === tag),
    ),
  )
  .join('\n')}
<section id="refusals"><h2>Refusals</h2><table><thead><tr><th>Status</th><th>code</th><th>Meaning</th></tr></thead><tbody>
${Object.entries(PROBLEMS)
  .map(
    ([code, [status, title]]) =>
      `<tr><td>${status}</td><td><code>${code}</code></td><td>${escapeHtml(title)}</td></tr>`,
  )
  .join('\n')}
</tbody></table></section>
</main>
</body>
</html>`
  return new Response(html, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'private, no-cache' },
  })
}

function section(tag: string, routes: readonly Route[]): string {
  return `<section id="${slug(tag)}"><h2>${escapeHtml(tag)}</h2>\n${routes.map(article).join('\n')}</section>`
}

function article(route: Route): string {
  const facts = [
    route.permission
      ? `needs <code>${route.permission}</code>`
      : `for ${route.auth === 'public' ? 'anybody' : 'a registration token'}`,
    ...(route.idempotent ? ['takes <code>Idempotency-Key</code>'] : []),
    ...(route.bodyLimit ? [`body up to ${route.bodyLimit.toLocaleString('en')} bytes`] : []),
    ...(route.contentTypes
      ? [`also ${route.contentTypes.map((type) => `<code>${escapeHtml(type)}</code>`).join(', ')}`]
      : []),
  ]
  const answers = Object.entries(route.answers).map(([status, answer]) =>
    shapeOf(`${status}: ${answer.description}`, answer.shape, 'output'),
  )
  return `<article><h3><span class="method">${route.method.toUpperCase()}</span> <code>/api/v1${escapeHtml(route.path)}</code></h3>
<p>${escapeHtml(route.summary)}</p><p class="facts">${facts.join(' · ')}</p>
${shapeOf('Query', route.query, 'input')}${shapeOf('Body', route.body, 'input')}${answers.join('')}</article>`
}

function shapeOf(title: string, shape: z.ZodType | undefined, io: 'input' | 'output'): string {
  if (!shape) return title.startsWith('2') ? `<p class="facts">${escapeHtml(title)}</p>` : ''
  const schema = z.toJSONSchema(shape, { io, unrepresentable: 'any' })
  delete schema.$schema
  return `<details><summary>${escapeHtml(title)}</summary><pre tabindex="0">${escapeHtml(JSON.stringify(schema, null, 1))}</pre></details>`
}

const slug = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

const STYLE = `
:root { color-scheme: light dark; --text: light-dark(#1b1e22, #e4e7eb); --dim: light-dark(#545b64, #a4abb5); --line: light-dark(#d9dde2, #353a41); --back: light-dark(#fff, #16181b); --code: light-dark(#f3f5f7, #1f2226); --link: light-dark(#1f5fae, #8ab8f5) }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); font-size: 1.15rem; text-transform: capitalize } h3 { margin: 1.5rem 0 0.25rem; font-size: 1rem; overflow-wrap: anywhere }
p { margin: 0.25rem 0 } a { color: var(--link) } nav a { display: inline-block; padding: 0.25rem 0.5rem 0.25rem 0 }
code, pre { background: var(--code); font: 0.875rem/1.45 ui-monospace, monospace } pre { overflow: auto; max-height: 24rem; padding: 0.75rem; border: 1px solid var(--line) }
.method { font: 600 0.8rem ui-monospace, monospace; color: var(--dim) } .facts, summary { color: var(--dim); font-size: 0.9rem } summary { cursor: pointer; padding: 0.2rem 0 }
table { border-collapse: collapse } td, th { padding: 0.2rem 1rem 0.2rem 0; text-align: left; border-bottom: 1px solid var(--line) }`
