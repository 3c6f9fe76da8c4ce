/**
 * What a statement must be like so that it runs on a data plane that is spread over nodes by run, as Citus spreads it: `docs/scaling.md`.
 * Reads SQL as text: enough of its grammar to tell blocks (each select, insert, update, delete, however deep), their tables and the
 * conditions that hold for the whole block.
 */

export type Violation =
  /** A table of the data plane whose run is not given as a parameter in the same block: it goes to every shard. */
  | 'names no run'
  /** A table of the control plane in the same statement: it lies on another machine. */
  | 'joins the planes'
  /** Refused by Citus. */
  | 'subquery in values'
  /** Refused by Citus for more than one run. */
  | 'locks many runs'
  /** Rows from anywhere but shards of one run: it is a two-phase commit. */
  | 'inserts from elsewhere'
  /** Refused by Citus: what returns a set stands in `from`, and the data plane below it. */
  | 'set above subquery'
  /** Truncate, lock, alter, …: no statement of one run. */
  | 'is no query'

export interface Planes {
  data: readonly string[]
  control: readonly string[]
}

type Token = string | Token[]

interface Reference {
  table: string
  alias: string
}

const SETS = new Set(['union', 'intersect', 'except'])
const QUERIES = new Set(['select', 'insert', 'update', 'delete', 'values', 'with'])
const AFTER_FROM = new Set(['where', 'group', 'having', 'window', 'order', 'limit', 'offset', 'for', 'returning', 'on'])
const JOINS = new Set(['join', 'left', 'right', 'full', 'inner', 'cross', 'natural', 'outer', ','])
const NO_ALIAS = new Set([...AFTER_FROM, ...JOINS, 'using', 'set', 'values', 'default', 'with', 'tablesample'])

/** What a statement breaks; empty when it names no table of the data plane, or keeps all rules. */
export function breaches(text: string, planes: Planes): Violation[] {
  const found = new Set<Violation>()
  const tables = new Set<string>()
  const isData = (table: string) => table === '?' || planes.data.includes(table)
  const tokens = nest(tokenize(text))
  statement(tokens, new Set())
  const hasData = [...tables].some(isData)
  if (!hasData) return []
  if ([...tables].some((table) => planes.control.includes(table))) found.add('joins the planes')
  return [...found].sort()

  /** @returns whether the statement or one below it names the data plane */
  function statement(all: Token[], outerNames: ReadonlySet<string>): boolean {
    const { names, queries, main } = commonTables(all, outerNames)
    let hasOwn = false
    for (const query of queries) hasOwn = statement(query, names) || hasOwn
    for (const part of splitSets(main)) hasOwn = block(part, names) || hasOwn
    return hasOwn
  }

  function block(part: Token[], names: ReadonlySet<string>): boolean {
    const [first] = part
    // `(select …) union (select …)`
    if (Array.isArray(first) && part.length === 1) return statement(first, names)
    const kind = typeof first === 'string' ? first : ''
    if (!QUERIES.has(kind)) {
      const named = flat(part).filter((token) => planes.data.includes(token))
      for (const table of named) tables.add(table)
      if (named.length > 0) found.add('is no query')
      return named.length > 0
    }
    const { references, conditions, hasSet, source, into } = readBlock(part, kind)
    const own = references.filter(({ table }) => !names.has(table))
    for (const { table } of own) tables.add(table)
    const data = own.filter(({ table }) => isData(table))
    const pins = data.map((reference) => pinOf(reference, conditions, data.length))
    if (pins.includes(null)) found.add('names no run')
    if (data.length > 0 && isLocking(part) && pins.some((pin) => pin !== 'one')) found.add('locks many runs')
    let isBelow = false
    for (const query of queriesBelow(into === null ? part : part.filter((token) => token !== source))) {
      const isIt = statement(query, names)
      isBelow ||= isIt
    }
    if (hasSet && data.length === 0 && isBelow) found.add('set above subquery')
    if (into !== null) {
      tables.add(into.table)
      const fromData = source ? statement(source, names) : false
      if (isData(into.table)) insertion(part, source, fromData)
      return isData(into.table) || isBelow || fromData
    }
    return data.length > 0 || isBelow
  }

  function insertion(part: Token[], source: Token[] | null, fromData: boolean): void {
    const columns = part[part.indexOf('into') + (isAs(part) ? 4 : 2)]
    if (!Array.isArray(columns) || columns[0] !== 'run_id') found.add('names no run')
    if (source === null) return void found.add('names no run')
    if (source[0] === 'values') {
      if (queriesBelow(source).length > 0) found.add('subquery in values')
      return
    }
    const parts = splitSets(source).map((one) => readBlock(one, 'select'))
    const isOfOneRun = parts.every(({ references, conditions }) =>
      references.some(
        (reference) => isData(reference.table) && pinOf(reference, conditions, references.length) === 'one',
      ),
    )
    if (!fromData || !isOfOneRun) found.add('inserts from elsewhere')
  }
}

const isAs = (part: Token[]): boolean => part[part.indexOf('into') + 2] === 'as'

function tokenize(text: string): string[] {
  const pattern =
    /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"([^"]+)"|\$\d+|[a-z_][a-z0-9_$]*|\d+(?:\.\d+)?|::|[<>=!@&|#~+*/%^-]+|\S/gi
  const tokens: string[] = []
  for (const [token, quoted] of text.matchAll(pattern))
    if (!token.startsWith('--') && !token.startsWith('/*'))
      tokens.push(quoted ?? (token.startsWith("'") ? "''" : token.toLowerCase()))
  return tokens
}

/** Parentheses become lists. */
function nest(tokens: readonly string[]): Token[] {
  const stack: Token[][] = [[]]
  for (const token of tokens) {
    if (token === '(') stack.push([])
    else if (token === ')' && stack.length > 1) {
      const inner = stack.pop() as Token[]
      stack.at(-1)?.push(inner)
    } else if (token !== ';') stack.at(-1)?.push(token)
  }
  return stack[0] as Token[]
}

const flat = (tokens: readonly Token[]): string[] =>
  tokens.flatMap((token) => (Array.isArray(token) ? flat(token) : token))

const isQuery = (tokens: Token[]): boolean =>
  typeof tokens[0] === 'string'
    ? QUERIES.has(tokens[0])
    : tokens[0] !== undefined && isQuery(tokens[0]) && (tokens.length === 1 || SETS.has(String(tokens[1])))

/** `with a as (…), b as (…) main` in its parts. */
function commonTables(tokens: Token[], outer: ReadonlySet<string>) {
  const names = new Set(outer)
  const queries: Token[][] = []
  if (tokens[0] !== 'with') return { names, queries, main: tokens }
  let at = tokens[1] === 'recursive' ? 2 : 1
  for (;;) {
    names.add(String(tokens[at]))
    const as = tokens.indexOf('as', at)
    at = as + 1
    while (typeof tokens[at] === 'string') at++ // (not) materialized
    queries.push(tokens[at] as Token[])
    at++
    if (tokens[at] !== ',') return { names, queries, main: tokens.slice(at) }
    at++
  }
}

/** The parts of a union at this depth; an insert keeps its source whole. */
function splitSets(tokens: Token[]): Token[][] {
  if (tokens[0] === 'insert') return [tokens]
  const parts: Token[][] = [[]]
  for (const [i, token] of tokens.entries()) {
    if (typeof token === 'string' && SETS.has(token)) parts.push([])
    else if (token === 'all' && typeof tokens[i - 1] === 'string' && SETS.has(tokens[i - 1] as string)) continue
    else parts.at(-1)?.push(token)
  }
  return parts
}

/** Queries in parentheses, the outermost of each. */
function queriesBelow(tokens: readonly Token[]): Token[][] {
  return tokens.flatMap((token) => {
    if (!Array.isArray(token)) return []
    return isQuery(token) ? [token] : queriesBelow(token)
  })
}

const isLocking = (part: Token[]): boolean =>
  part.some(
    (token, i) =>
      token === 'for' &&
      ['update', 'share', 'no', 'key'].includes(typeof part[i + 1] === 'string' ? String(part[i + 1]) : ''),
  )

interface Block {
  references: Reference[]
  /** Conditions that hold for every row of the block. */
  conditions: Token[][]
  /** A function stands in `from`. */
  hasSet: boolean
  into: Reference | null
  /** Of an insert: its values or select. */
  source: Token[] | null
}

function readBlock(part: Token[], kind: string): Block {
  const result: Block = { references: [], conditions: [], hasSet: false, into: null, source: null }
  if (kind === 'insert') {
    const at = part.indexOf('into') + 1
    const isNamed = part[at + 1] === 'as'
    result.into = { table: String(part[at]), alias: isNamed ? String(part[at + 2]) : String(part[at]) }
    const end = part.findIndex((token, i) => (token === 'on' && part[i + 1] === 'conflict') || token === 'returning')
    const from = part.findIndex((token) => token === 'values' || token === 'select' || token === 'with')
    if (from >= 0) result.source = part.slice(from, end < 0 ? undefined : end)
    else {
      const inner = part.slice(at + 1).find((token): token is Token[] => Array.isArray(token) && isQuery(token))
      result.source = inner ?? null
    }
    return result
  }
  if (kind === 'update') readFrom(part.slice(1, part.indexOf('set')), result)
  for (const clause of clausesOf(part, kind === 'delete' ? ['from', 'using'] : ['from'])) readFrom(clause, result)
  const where = part.indexOf('where')
  if (where >= 0) {
    const rest = part.slice(where + 1)
    const end = rest.findIndex((token) => typeof token === 'string' && token !== 'on' && AFTER_FROM.has(token))
    addConditions(end < 0 ? rest : rest.slice(0, end), result)
  }
  return result
}

/** What follows one of these words up to the next clause. `is distinct from` is no clause. */
function clausesOf(part: Token[], words: string[]): Token[][] {
  const clauses: Token[][] = []
  for (const [i, token] of part.entries()) {
    if (typeof token !== 'string' || !words.includes(token) || part[i - 1] === 'distinct') continue
    const rest = part.slice(i + 1)
    const end = rest.findIndex(
      (next, j) =>
        typeof next === 'string' &&
        ((AFTER_FROM.has(next) && next !== 'on') ||
          (next === 'using' && words.includes('using') && !Array.isArray(rest[j + 1]))),
    )
    clauses.push(end < 0 ? rest : rest.slice(0, end))
  }
  return clauses
}

/** A list of tables and joins. */
function readFrom(clause: Token[], result: Block): void {
  let isTable = true
  for (let at = 0; at < clause.length; at++) {
    const token = clause[at] as Token
    if (isTable) {
      if (token === 'lateral' || token === 'only' || token === 'rows') continue
      isTable = false
      if (Array.isArray(token)) {
        if (!isQuery(token)) readFrom(token, result)
        continue
      }
      let table = token
      if (clause[at + 1] === '.') {
        table = String(clause[at + 2])
        at += 2
      }
      if (Array.isArray(clause[at + 1]) && table !== '?') {
        result.hasSet = true
        at++
        continue
      }
      if (clause[at + 1] === 'as') at++
      const next = clause[at + 1]
      const hasAlias = typeof next === 'string' && !NO_ALIAS.has(next)
      result.references.push({ table, alias: hasAlias ? next : table })
      if (hasAlias) at++
      continue
    }
    if (token === ',' || token === 'join') isTable = true
    else if (token === 'on') {
      const rest = clause.slice(at + 1)
      const end = rest.findIndex((next) => typeof next === 'string' && JOINS.has(next))
      addConditions(end < 0 ? rest : rest.slice(0, end), result)
      at += end < 0 ? rest.length : end
    }
  }
}

/** Alternatives hold for no row in particular, nor does what stands in parentheses. */
function addConditions(condition: Token[], result: Block): void {
  if (condition.includes('or')) return
  let one: Token[] = []
  for (const token of [...condition, 'and'])
    if (token === 'and') {
      result.conditions.push(one)
      one = []
    } else one.push(token)
}

/** Whether the run of a table is given by a parameter: one run, several, or not at all. */
function pinOf({ table, alias }: Reference, conditions: Token[][], references: number): 'one' | 'many' | null {
  const names = [`${alias}.run_id`, ...(references === 1 ? ['run_id', `${table}.run_id`] : [])]
  let pin: 'one' | 'many' | null = null
  for (const condition of conditions) {
    const text = condition.map((token) => (Array.isArray(token) ? `(${flat(token).join('')})` : token)).join('')
    for (const name of names) {
      const escaped = name.replace(/[.?]/g, '\\$&')
      if (new RegExp(`^(${escaped}=\\$\\d+(::\\w+)?|\\$\\d+(::\\w+)?=${escaped})$`).test(text)) pin = 'one'
      else if (new RegExp(`^${escaped}=any\\(\\$\\d+(::\\w+\\[\\])?\\)$`).test(text)) pin ??= 'many'
    }
  }
  return pin
}
