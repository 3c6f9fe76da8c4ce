import { describe, expect, test } from 'vitest'
import { DATA_PLANE } from '#src/db/citus/data-plane.ts'
import { breaches, type Planes, type Violation } from './data-plane-rules.ts'
import { files, read } from './repository.ts'
import { listStatements, statementsOf } from './statements.ts'

const tables = files()
  .filter((file) => /^src\/db\/schema\/.*\.ts$/.test(file))
  .flatMap((file) => [...read(file).matchAll(/pgTable\(\s*'(\w+)'/g)].map(([, name]) => name as string))

const planes: Planes = { data: DATA_PLANE, control: tables.filter((name) => !DATA_PLANE.some((data) => data === name)) }

/** Statements that run on one machine only, each with its double for several and the one file that chooses. */
const ONE_MACHINE_ONLY = [
  { file: 'src/db/queries/metrics/insert-batches.ts', chooser: 'src/services/metrics/store-batches.ts' },
]
/** Told inside a transaction that writes nothing: it only holds the run, so that an undo comes before or after. */
const TOLD_UNDER_A_LOCK = ['src/services/runs/repeat-ends.ts']
/** Where tables are spread over nodes: no statement on points. */
const SPREADS = 'src/db/citus/distribute.ts'

const statements = listStatements()
const onData = statements.filter(({ text }) => namesData(text))

test('the tables of the data plane are those of the schema whose key begins with run_id, metric_latest aside', () => {
  const schema = read('src/db/schema/metrics.ts')
  const found = schema
    .split('export const ')
    .filter((part) => /run_id|runId/.test(part.split('(t) =>')[0] ?? ''))
    .flatMap((part) => /pgTable\(\s*'(\w+)'/.exec(part)?.[1] ?? [])
  expect(found.filter((name) => name !== 'metric_latest').sort()).toEqual([...DATA_PLANE].sort())
})

test('every statement on the data plane, and every query within it, names its runs', () => {
  // Fewer would mean that the texts are no longer found.
  expect(onData.length).toBeGreaterThan(20)
  const bad = onData
    .filter(({ file }) => file !== SPREADS && !ONE_MACHINE_ONLY.some((exception) => exception.file === file))
    .flatMap(({ at, text }) => breaches(text, planes).map((violation) => `${at}: ${violation}`))
  expect(bad).toEqual([])
})

test('what runs on one machine only is needed there, and chosen in one place', () => {
  for (const { file, chooser } of ONE_MACHINE_ONLY) {
    expect(statementsOf(file, read(file)).flatMap(({ text }) => breaches(text, planes))).not.toEqual([])
    const name = /export async function (\w+)/.exec(read(file))?.[1]
    const callers = files().filter(
      (f) => /^src\/.*\.ts$/.test(f) && f !== file && new RegExp(`\\b${name}\\(`).test(read(f)),
    )
    expect(callers).toEqual([chooser])
  }
})

test('SQL on the data plane stands in src/db alone, and no query builder names its tables', () => {
  expect(onData.filter(({ file }) => !file.startsWith('src/db/')).map(({ at }) => at)).toEqual([])
  const names = [...read('src/db/schema/metrics.ts').matchAll(/export const (\w+) = pgTable\(\s*'(\w+)'/g)].flatMap(
    ([, constant, table]) => (DATA_PLANE.some((data) => data === table) ? [constant as string] : []),
  )
  expect(names).toHaveLength(DATA_PLANE.length)
  const builders = files().filter(
    (file) =>
      /^src\/.*\.tsx?$/.test(file) &&
      !file.startsWith('src/db/schema/') &&
      new RegExp(`import [^;]*?\\b(${names.join('|')})\\b[^;]*?schema/|\\* as \\w+ from '[^']*schema/metrics`).test(
        read(file),
      ),
  )
  expect(builders).toEqual([])
})

describe('a transaction', () => {
  test('of the control plane tells the data plane nothing before its commit', () => {
    const bad = files()
      .filter((file) => /^src\/services\/.*\.ts$/.test(file) && !TOLD_UNDER_A_LOCK.includes(file))
      .flatMap((file) =>
        callsOf(read(file), /\b(?:inTransaction|\.transaction)\(/g)
          .filter((body) => TELLS.test(body))
          .map(() => file),
      )
    expect(bad).toEqual([])
    expect(
      callsOf('await inTransaction(ctx, (tx) => tellWriter(tx, 1))', /\binTransaction\(/g).filter((body) =>
        TELLS.test(body),
      ),
    ).toHaveLength(1)
  })

  test('of raw statements stays in one plane', () => {
    const touching = planesByFunction()
    const bad = files()
      .filter((file) => /^src\/.*\.ts$/.test(file) && !/\.test\.ts$/.test(file))
      .flatMap((file) => mixedTransactions(read(file), touching).map((names) => `${file}: ${names}`))
    expect(bad).toEqual([])
    const mixed =
      'sql.begin(async (tx) => { await findWriters(tx, []); await last(tx) }) \n function last(tx) { return findRuns(tx, []) }'
    expect(mixedTransactions(mixed, touching)).toEqual(['findWriters + findRuns'])
  })
})

describe('the rules', () => {
  test.each<[string, Violation[]]>([
    ['select * from metric_tail', ['names no run']],
    [
      'select distinct run_id from metric_tail where received_at > (select max(received_at) from metric_tail)',
      ['names no run'],
    ],
    ['select * from metric_tail where run_id = $1 or stream = $2', ['names no run']],
    ['select * from metric_tail where (run_id = $1 or stream = $2) and seq = $3', ['names no run']],
    ['select * from metric_tail where run_id in (select run_id from metric_run where run_id = $1)', ['names no run']],
    ['select * from metric_tail t where t.run_id = t.seq', ['names no run']],
    [
      'select * from metric_tail t where t.run_id = any($1) and exists (select 1 from metric_stream s where s.run_id = t.run_id)',
      ['names no run'],
    ],
    [
      'select * from metric_tail t left join metric_stream s on s.run_id = t.run_id where t.run_id = $1',
      ['names no run'],
    ],
    ['select * from metric_tail t join metric_stream s using (run_id) where t.run_id = $1', ['names no run']],
    ['with x as (select seq from metric_tail) select * from x where run_id = $1', ['names no run']],
    ['select 1 from metric_run where run_id = $1 union all select 1 from metric_tail', ['names no run']],
    ['select (select max(seq) from metric_tail), 1', ['names no run']],
    ['update metric_stream set last_seq = $2 where client_id = $1', ['names no run']],
    [
      'update metric_run r set state = 2 from metric_seal s where r.run_id = $1 and s.run_id = r.run_id',
      ['names no run'],
    ],
    ['delete from metric_block where level = 0', ['names no run']],
    ['delete from metric_tail t using metric_stream s where t.run_id = $1 and s.stream = t.stream', ['names no run']],
    ['insert into metric_run (fence) values ($1)', ['names no run']],
    ['insert into metric_run default values', ['names no run']],
    ['select * from metric_tail t join runs r on r.id = t.run_id where t.run_id = $1', ['joins the planes']],
    [
      'select * from runs r where r.id = $1 and exists (select 1 from metric_run m where m.run_id = $1)',
      ['joins the planes'],
    ],
    [
      'select * from metric_latest l join metric_series s on s.run_id = l.run_id where s.run_id = any($1)',
      ['joins the planes'],
    ],
    [
      'insert into metric_tail (run_id, seq) values ($1, (select max(seq) from metric_tail where run_id = $1))',
      ['subquery in values'],
    ],
    ['select 1 from metric_run where run_id = any($1) for update', ['locks many runs']],
    [
      'insert into metric_block (run_id, no) select $1::bigint, u.no from unnest($2::int[]) u (no)',
      ['inserts from elsewhere'],
    ],
    [
      'insert into metric_seal (run_id) select run_id from metric_run where run_id = any($1)',
      ['inserts from elsewhere'],
    ],
    [
      'insert into metric_tail (run_id) select u.r from unnest($1::bigint[]) u (r) where exists (select 1 from metric_run m where m.run_id = $1)',
      ['inserts from elsewhere', 'set above subquery'],
    ],
    ['truncate metric_tail', ['is no query']],
    ['lock table metric_run', ['is no query']],
    ['select 1 from "metric_tail" -- where run_id = $1', ['names no run']],
    ["select 'where run_id = $1' from public.metric_tail", ['names no run']],
    ['delete from ? where level = $1', ['names no run']],
  ])('refuse %s', (text, violations) => expect(breaches(text, planes)).toEqual(violations))

  test.each([
    'select * from runs',
    'select a.id, l.value from runs a join metric_latest l on l.run_id = a.id',
    "select 'metric_tail' as name",
    'select run_id, max(seq) from metric_tail where run_id = any($1::bigint[]) group by run_id order by run_id',
    'select t.seq from metric_tail as t where t.run_id = $1::bigint and (t.seq > $2 or t.stream < 0)',
    'select 1 from metric_tail t left join metric_stream s on s.run_id = t.run_id and s.run_id = any($1) where t.run_id = any($1)',
    'select (select max(c.seq) from console_chunk c where c.run_id = $1 and c.stream = s.stream) from metric_stream s where s.run_id = $1',
    'with x as (select seq from metric_tail where run_id = $1) select * from x',
    'select 1 from metric_run where run_id = $1 for update',
    'select pg_advisory_xact_lock(run_id) from metric_seal where run_id = $1',
    'insert into metric_seal (run_id) values ($1) on conflict do nothing',
    'insert into metric_run as r (run_id, fence) values ($1, $2) on conflict (run_id) do update set fence = excluded.fence where r.fence <= excluded.fence',
    'insert into metric_tail (run_id, seq) select r.run_id, u.seq from metric_run r join unnest($2::bigint[]) u (seq) on true where r.run_id = $1',
    'delete from metric_tail t using unnest($2::int[], $3::bigint[]) u (st, sq) where t.run_id = $1 and t.stream = u.st and t.seq = u.sq',
    'update metric_stream set sealed = sealed + $3::int8multirange where run_id = $1 and stream = $2',
    'delete from ? where run_id = $1',
    'select extract(epoch from max(received_at)) from metric_tail where run_id = $1',
  ])('take %s', (text) => expect(breaches(text, planes)).toEqual([]))

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are sources with templates in them
  test.each([
    ["sql.unsafe('select 1 from metric_tail', [])", ['select 1 from metric_tail']],
    ['sql`delete from metric_tail where run_id = ${id}`', ['delete from metric_tail where run_id = $1']],
    [
      "const where = 'where run_id = $1'\nsql.unsafe(`select 1 from metric_tail ${where}`)",
      ['select 1 from metric_tail where run_id = $1'],
    ],
    ["sql.unsafe('select 1 ' + 'from metric_tail')", ['select 1 from metric_tail']],
    ['sql.unsafe(`delete from ${table} where run_id = $1`)', ['delete from  ?  where run_id = $1']],
    [
      "sql.unsafe(`select 1 where ${isOn ? 'a' : `select 2 from metric_tail`}`)",
      ['select 1 where  ? ', 'select 2 from metric_tail'],
    ],
    ["log('Selected nothing.')", []],
  ])('are asked of the text in %s', (source, texts) =>
    expect(statementsOf('a.ts', source).map(({ text }) => text)).toEqual(texts),
  )
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: until here
})

const TELLS = /\b(tellWriters?|storeUnknown)\(|\bmetrics\.(setWriter|reopen|startAttempt|closeStream|append)\b/

function namesData(text: string): boolean {
  return new RegExp(
    `\\b(from|into|update|join|using|table|only|truncate)\\s+(\\w+\\.)?"?(${DATA_PLANE.join('|')}|\\?)(?!\\w)`,
    'i',
  ).test(text)
}

/** The text in the parentheses of each call. */
function callsOf(source: string, call: RegExp): string[] {
  return [...source.matchAll(call)].map((match) => {
    let depth = 1
    let at = match.index + match[0].length
    const from = at
    while (depth > 0 && at < source.length) {
      if (source[at] === '(') depth++
      if (source[at] === ')') depth--
      at++
    }
    return source.slice(from, at - 1)
  })
}

/** Which plane a statement's function touches. */
function planesByFunction(): Map<string, 'data' | 'control'> {
  const touching = new Map<string, 'data' | 'control'>()
  for (const file of files().filter((f) => /^src\/db\/queries\/.*\.ts$/.test(f))) {
    const plane = onData.some((statement) => statement.file === file) ? 'data' : 'control'
    for (const [, name] of read(file).matchAll(/export (?:async )?function (\w+)/g)) touching.set(name as string, plane)
  }
  return touching
}

/** Raw transactions that call statements of both planes, functions of the same file included. */
function mixedTransactions(source: string, touching: ReadonlyMap<string, 'data' | 'control'>): string[] {
  return callsOf(source, /\.begin\(/g).flatMap((body) => {
    const called = new Set<string>()
    const look = (text: string) => {
      for (const [, name] of text.matchAll(/\b(\w+)\(/g)) {
        if (name === undefined || called.has(name)) continue
        called.add(name)
        const own = new RegExp(`function ${name}\\([\\s\\S]*?\\n?\\}(?=\\n|$)`).exec(source)
        if (own) look(own[0])
      }
    }
    look(body)
    const named = [...called].filter((name) => touching.has(name))
    const isMixed = new Set(named.map((name) => touching.get(name))).size > 1
    return isMixed ? [named.join(' + ')] : []
  })
}
