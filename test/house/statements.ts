import { type BinaryExpression, type Expression, parseSync, type TemplateLiteral } from '@swc/core'
import { files, read } from './repository.ts'

/** An SQL text as it stands in a source file. */
export interface Statement {
  /** Path and line. */
  at: string
  file: string
  /** Values of a tagged template stand as $1, other insertions as ?. */
  text: string
}

const BEGINS = /^\s*(?:--[^\n]*\n\s*)*(select|with|insert|update|delete|values|truncate|alter|copy|lock|create|drop)\b/i

/** Every SQL text in the sources, tests left out. */
export function listStatements(): Statement[] {
  return files()
    .filter((file) => /^src\/.*\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .flatMap((file) => statementsOf(file, read(file)))
}

/** The SQL texts of one file. */
export function statementsOf(file: string, source: string): Statement[] {
  const tree = parseSync(source, { syntax: 'typescript', tsx: file.endsWith('x') })
  const constants = new Map<string, string>()
  const found: Statement[] = []
  // Texts that have a name in this file are put where the name stands.
  eachNode(tree, (node) => {
    if (node.type !== 'VariableDeclarator') return
    const { id, init } = node as unknown as { id: { type: string; value?: string }; init: Expression | null }
    const text = init && fold(init)
    if (text !== null && id.value !== undefined) constants.set(id.value, text)
  })
  visit(tree)
  return found

  function visit(node: object): void {
    const text = fold(node as Expression)
    if (text === null) {
      for (const child of childrenOf(node)) visit(child)
      return
    }
    if (BEGINS.test(text)) found.push({ at: `${file}:${lineOf(text)}`, file, text })
    // A text inside an insertion is a text of its own.
    for (const child of childrenOf(node)) if (fold(child as Expression) === null) visit(child)
    for (const inner of insertionsOf(node as Expression)) if (fold(inner) !== null) visit(inner)
  }

  /** The text of a literal, a template or a sum of them; null for anything else. */
  function fold(node: Expression): string | null {
    if (node.type === 'StringLiteral') return node.value
    if (node.type === 'TaggedTemplateExpression') return foldTemplate(node.template, () => '$1')
    if (node.type === 'TemplateLiteral') return foldTemplate(node, (inner) => constantOf(inner) ?? ' ? ')
    if (node.type === 'BinaryExpression' && node.operator === '+') return foldSum(node)
    return null
  }

  function foldTemplate({ quasis, expressions }: TemplateLiteral, inserted: (node: Expression) => string): string {
    return quasis
      .map(({ cooked, raw }, i) => {
        // A template that is a type has types in the place of expressions.
        const inner = (expressions as readonly Expression[] | undefined)?.[i]
        return (cooked ?? raw) + (inner ? inserted(inner) : '')
      })
      .join('')
  }

  function foldSum({ left, right }: BinaryExpression): string | null {
    const [a, b] = [fold(left) ?? constantOf(left), fold(right) ?? constantOf(right)]
    return a === null && b === null ? null : `${a ?? ' ? '}${b ?? ' ? '}`
  }

  function constantOf(node: Expression): string | null {
    return node.type === 'Identifier' ? (constants.get(node.value) ?? null) : null
  }

  function lineOf(text: string): number {
    const [first = ''] = text.trim().split(/\n|\$1| \? /)
    return source.slice(0, Math.max(0, source.indexOf(first))).split('\n').length
  }
}

const insertionsOf = (node: Expression): Expression[] =>
  node.type === 'TemplateLiteral'
    ? ((node.expressions as Expression[] | undefined) ?? [])
    : node.type === 'TaggedTemplateExpression'
      ? node.template.expressions
      : []

function childrenOf(node: object): object[] {
  return Object.values(node).flatMap((value: unknown) =>
    Array.isArray(value)
      ? value.filter((item): item is object => typeof item === 'object' && item !== null)
      : typeof value === 'object' && value !== null
        ? [value]
        : [],
  )
}

function eachNode(node: object, see: (node: { type?: string }) => void): void {
  see(node)
  for (const child of childrenOf(node)) eachNode(child, see)
}
