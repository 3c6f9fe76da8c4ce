import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import * as z from 'zod'
import { planPipeline } from '../../core/pipelines/plan.ts'
import { nearest } from '../../core/search/nearest.ts'
import { Pipeline } from '../../protocol/pipeline.ts'

export interface PipelineProblem {
  /** Line in the file, from 1; null when the text has none (JSON from a door). */
  line: number | null
  /** JSON pointer to the member. */
  pointer: string
  message: string
}

export type PipelineAnswer =
  | { kind: 'pipeline'; pipeline: Pipeline }
  | { kind: 'problems'; problems: PipelineProblem[] }

/**
 * Reads a pipeline file (YAML, or JSON, which is YAML too): its syntax, its shape, and whether its experiments can be planned.
 * All problems come at once, each with its line and, for a mistyped name, the nearest known one.
 */
export function readPipeline(text: string): PipelineAnswer {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  if (document.errors.length > 0)
    return {
      kind: 'problems',
      problems: document.errors.map((e) => ({ line: lines.linePos(e.pos[0]).line, pointer: '', message: e.message })),
    }
  const lineOf = (path: readonly PropertyKey[], key = false): number | null =>
    lineAt(document.contents, path, lines, key)
  const answer = checkPipeline(document.toJS())
  if (answer.kind === 'pipeline') return answer
  return {
    kind: 'problems',
    problems: answer.problems.map((p) => ({
      line: lineOf(p.path, p.onKey),
      pointer: pointerOf(p.path),
      message: p.message,
    })),
  }
}

interface Problem {
  path: readonly PropertyKey[]
  onKey: boolean
  message: string
}

/** The same checks on a value that came as JSON. */
export function checkPipeline(
  value: unknown,
): { kind: 'pipeline'; pipeline: Pipeline } | { kind: 'problems'; problems: Problem[] } {
  const parsed = Pipeline.safeParse(value)
  if (!parsed.success) return { kind: 'problems', problems: parsed.error.issues.flatMap(problemsOf) }
  const plan = planPipeline(parsed.data.experiments)
  if (plan.kind === 'problems')
    return {
      kind: 'problems',
      problems: plan.problems.map((p) => ({ path: p.path, onKey: p.path.length === 2, message: p.message })),
    }
  return { kind: 'pipeline', pipeline: parsed.data }
}

export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ path: issue.path, onKey: false, message: `${String(issue.path.at(-1) ?? 'The file')}: ${issue.message}` }]
  const known = keysAt(Pipeline, issue.path)
  return issue.keys.map((key) => {
    const near = nearest(key, known)
    return {
      path: [...issue.path, key],
      onKey: true,
      message: `"${key}" is not known here${near ? `; did you mean "${near}"?` : `. Known: ${known.join(', ')}.`}`,
    }
  })
}

/** Names that the shape allows at a path, through optional, default, array and record shapes. */
function keysAt(shape: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let at: z.core.$ZodType | undefined = unwrap(shape)
  for (const part of path) {
    if (at instanceof z.ZodObject) at = at.shape[String(part)]
    else if (at instanceof z.ZodArray) at = at.element
    else if (at instanceof z.ZodRecord) at = at.valueType
    else return []
    at = at && unwrap(at)
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : []
}

function unwrap(shape: z.core.$ZodType): z.core.$ZodType {
  let at = shape
  while (
    at instanceof z.ZodOptional ||
    at instanceof z.ZodNullable ||
    at instanceof z.ZodDefault ||
    at instanceof z.ZodPrefault
  )
    at = at.unwrap()
  return at
}

function lineAt(root: unknown, path: readonly PropertyKey[], lines: LineCounter, key: boolean): number | null {
  let at = root
  let line: number | null = startOf(at, lines)
  for (const [i, part] of path.entries()) {
    if (isMap(at)) {
      const pair = at.items.find((p) => isScalar(p.key) && String(p.key.value) === String(part))
      if (!pair) return line
      line = startOf(pair.key, lines) ?? line
      at = pair.value
      if (!(key && i === path.length - 1)) line = (isScalar(at) ? startOf(at, lines) : null) ?? line
    } else if (at && typeof at === 'object' && 'items' in at && Array.isArray(at.items)) {
      at = at.items[Number(part)]
      line = startOf(at, lines) ?? line
    } else return line
  }
  return line
}

const startOf = (node: unknown, lines: LineCounter): number | null => {
  const range = (node as Node | null | undefined)?.range
  return range ? lines.linePos(range[0]).line : null
}
