/**
 * A project of 100,000 runs: each with 30 config keys, 20 of 12,000 metric keys and 3 tags; every tenth with a checkpoint, evaluations
 * and hardware that has a price; one with 5,000 metric keys. Made by the database itself, the same each time.
 */
import { createHash } from 'node:crypto'
import type { Sql } from '#src/db/clients.ts'

export interface ManyRuns {
  projectId: number
  slug: string
  runs: number
}

export interface ManyRunsInput {
  workspaceId: number
  slug?: string
  runs?: number
  stages?: number
  metricKeys?: number
}

/** Metrics that every run has; the rest of its 20 are taken from the long tail. */
export const COMMON_METRICS = [
  'train/loss',
  'eval/loss',
  'train/accuracy',
  'train/lr',
  'throughput/tokens_per_s',
] as const
const BENCHMARKS = ['mmlu', 'gsm8k', 'hellaswag', 'truthfulqa', 'humaneval'] as const
/** Metric keys of the one wide run. */
const WIDE_KEYS = 5_000

/** Runs that are written in one transaction. */
const PIECE = 10_000

/** Makes the project in a workspace; its slug must be free. */
export async function makeManyRuns(sql: Sql, input: ManyRunsInput): Promise<ManyRuns> {
  const { workspaceId, slug = 'many', runs = 100_000, stages = 400, metricKeys = 12_000 } = input
  const projectId = await makeStages(sql, { workspaceId, slug, runs, stages })
  const metrics = await nameMetrics(sql, { workspaceId, metricKeys })
  for (let from = 1; from <= runs; from += PIECE) {
    const piece = { workspaceId, projectId, slug, stages, from, to: Math.min(runs, from + PIECE - 1), ...metrics }
    await makePiece(sql, piece)
  }
  await sql`
    insert into metric_latest (run_id, metric_id, project_id, step, t, value, first_step, first_value, vmin, vmin_step, vmax, vmax_step, n)
    select r.id, k, ${projectId}, r.last_step, (extract(epoch from r.ended_at) * 1000)::bigint, k / 100.0, 0, 1, 0, 0, k, 1, 2
    from runs r, unnest((${metrics.tail}::int[])[1:${WIDE_KEYS}]) k
    where r.project_id = ${projectId} and r.number = ${runs}
    on conflict do nothing`
  return { projectId, slug, runs }
}

interface Piece {
  workspaceId: number
  projectId: number
  slug: string
  stages: number
  from: number
  to: number
  common: number[]
  tail: number[]
}

async function makeStages(
  sql: Sql,
  { workspaceId, slug, runs, stages }: { workspaceId: number; slug: string; runs: number; stages: number },
): Promise<number> {
  return sql.begin(async (tx) => {
    const [project] = await tx<{ id: number }[]>`
      insert into projects (workspace_id, slug, name, description, next_run, next_experiment)
      values (${workspaceId}, ${slug}, 'Many runs', 'Seeded: a project to measure search with.', ${runs + 1}, ${stages + 1})
      returning id`
    const projectId = project?.id ?? 0
    await tx`
      insert into experiments (workspace_id, project_id, number, slug, name, stage_kind, root_kind, owner, created_by)
      select ${workspaceId}, ${projectId}, n, 'stage-' || n, 'Stage ' || n,
        case when n = 1 then 'pretrain' else (array['continued_pretrain','instruction','domain','task','preference'])[1 + n % 5] end,
        case when n = 1 then 'random_init' end, (array['Ada','Grace','Edsger','Barbara',null])[1 + n % 5], 'seed'
      from generate_series(1, ${stages}::int) n`
    await tx`
      insert into edges (workspace_id, child_id, parent_id, kind, created_by)
      select ${workspaceId}, c.id, p.id, 'init', 'seed'
      from experiments c join experiments p on p.project_id = c.project_id and p.number = greatest(1, c.number / 3)
      where c.project_id = ${projectId} and c.number > 1`
    await tx`
      insert into benchmarks (workspace_id, slug, name, category, kind, orientation)
      select ${workspaceId}, s, s, 'knowledge', 'accuracy', 1 from unnest(${[...BENCHMARKS]}::text[]) s
      on conflict (workspace_id, slug) do nothing`
    await tx`
      insert into protocols (workspace_id, fingerprint, fields)
      values (${workspaceId}, ${fingerprintOf(slug)}, ${tx.json({ task: slug, harness: 'seed', harness_version: '1' })})
      on conflict do nothing`
    return projectId
  })
}

const fingerprintOf = (slug: string): string => createHash('sha256').update(slug).digest('hex')

async function makePiece(sql: Sql, piece: Piece): Promise<void> {
  const { workspaceId, projectId, slug, stages, from, to, common, tail } = piece
  await sql.begin(async (tx) => {
    await tx`set local statement_timeout = 0`
    await tx`set local synchronous_commit = off`
    await tx`set local work_mem = '256MB'`
    // Row by row, triggers and references take three times as long as the rows; what they hold is made below in one go.
    const [role] = await tx<{ isSuper: boolean }[]>`
      select rolsuper as "isSuper" from pg_roles where rolname = current_user`
    if (role?.isSuper) await tx`set local session_replication_role = replica`
    await tx`select setseed(0.42)`
    await tx`
      insert into runs (uid, workspace_id, project_id, experiment_id, number, name, kind, state, config, seed, run_group, tags,
        last_step, total_steps, tokens, created_by, created_at, started_at, ended_at, last_contact_at)
      select md5(${slug} || ' ' || ${workspaceId}::text || ' ' || n)::uuid, ${workspaceId}, ${projectId}, x.id, n,
        (array['quiet','amber','bold','calm','eager','gentle','happy','keen','lively','merry'])[1 + (h >> 3) % 10] || '-' ||
        (array['heron','otter','falcon','cedar','comet','delta','ember','fox','grove','harbor','lark','maple'])[1 + (h >> 7) % 12] || '-' || n,
        'train',
        (array['finished','finished','finished','finished','finished','finished','finished','failed','stopped','preempted'])[1 + h % 10],
        jsonb_build_object(
          'lr', (array[1e-5,2e-5,3e-5,5e-5,1e-4,2e-4,3e-4,1e-3])[1 + (h >> 2) % 8] * (1 + round(a::numeric, 3)::float8),
          'batch_size', 8 * (1 << ((h >> 4) % 6)), 'optimizer', (array['adamw','adafactor','lion','sgd'])[1 + (h >> 6) % 4],
          'scheduler', (array['cosine','linear','constant'])[1 + (h >> 8) % 3], 'warmup_steps', 100 * ((h >> 9) % 20),
          'weight_decay', ((h >> 10) % 10) / 100.0, 'beta1', 0.9, 'beta2', (array[0.95,0.98,0.999])[1 + (h >> 11) % 3],
          'eps', 1e-8, 'grad_clip', (array[0.5,1.0])[1 + (h >> 12) % 2], 'epochs', 1 + (h >> 13) % 5,
          'max_len', 512 * (1 << ((h >> 14) % 5)), 'precision', (array['bf16','fp16','fp32'])[1 + (h >> 15) % 3],
          'seed', (h >> 16) % 1000, 'shuffle', (h >> 5) % 2 = 0, 'checkpointing', (h >> 7) % 3 = 0,
          'accumulate', 1 << ((h >> 17) % 5), 'dropout', ((h >> 18) % 5) / 20.0, 'lora_rank', case when h % 3 > 0 then 4 << ((h >> 19) % 5) end,
          'lora_alpha', 16,
          'model', jsonb_build_object('name', (array['llama-3-8b','mistral-7b','olmo-2-7b','qwen-2.5-7b'])[1 + (h >> 3) % 4],
            'layers', 16 + 4 * ((h >> 8) % 6), 'width', 1024 * (1 + (h >> 9) % 4), 'heads', 16, 'vocab', 32000 + 1000 * ((h >> 10) % 9)),
          'data', jsonb_build_object('name', 'corpus-' || (h >> 11) % 40, 'version', 'v' || (h >> 12) % 9,
            'tokens', 1e6 * (1 + (h >> 13) % 500), 'filter', (array['none','dedup','quality'])[1 + (h >> 14) % 3], 'mix', round(b::numeric, 4))),
        (h >> 16) % 1000, 'group-' || h % 500,
        array['team-' || (h >> 4) % 12, 'sweep-' || (h >> 6) % 300, (array['baseline','ablation','candidate','debug','paper'])[1 + (h >> 9) % 5]],
        1000 + h % 9000, 10000, (1000 + h % 9000)::bigint * 65536, 'seed',
        at, at + interval '1 minute', at + interval '1 minute' + (10 + h % 3000) * interval '1 minute', at + interval '1 hour'
      from (
        select n, abs(hashint4(n)) as h, random() as a, random() as b,
          timestamptz '2026-01-01' + n * interval '280 seconds' as at
        from generate_series(${from}::int, ${to}::int) n
      ) s
      join experiments x on x.project_id = ${projectId} and x.number = 1 + h % ${stages}
      order by n`
    if (role?.isSuper) await writeValues(tx as unknown as Sql, piece)
    await tx`
      insert into attempts (workspace_id, run_id, number, created_at, started_at, ended_at, end_reason, host)
      select workspace_id, id, 1, created_at, started_at, ended_at, case when state in ('finished','failed','stopped','preempted') then state end, 'seed'
      from runs where project_id = ${projectId} and number between ${from} and ${to}`
    await tx`
      insert into metric_latest (run_id, metric_id, project_id, step, t, value, first_step, first_value, vmin, vmin_step, vmax, vmax_step, n)
      select r.id, k.metric, ${projectId}, r.last_step, (extract(epoch from r.ended_at) * 1000)::bigint, v, 0, v * 2,
        v * 0.9, r.last_step / 2, v * 2.1, 0, r.last_step + 1
      from (select id, number, last_step, ended_at, abs(hashint4(number)) h
        from runs where project_id = ${projectId} and number between ${from} and ${to}) r
      cross join lateral (
        select (${common}::int[])[j] as metric, 1 + ((r.h::bigint * (j + 3)) % 10007) / 2000.0 as v
        from generate_series(1, ${common.length}::int) j
        union all
        select (${tail}::int[])[1 + ((r.number::bigint * 7919 + j * 104729::bigint) % ${tail.length})::int],
          ((r.h::bigint * (j + 11)) % 100003) / 1000.0
        from generate_series(1, ${20 - common.length}::int) j
      ) k`
    // What stands on a checkpoint is told by triggers.
    if (role?.isSuper) await tx`set local session_replication_role = origin`
    await makeEvaluations(tx as unknown as Sql, piece)
    await tx`
      insert into allocations (workspace_id, run_id, attempt, device_kind, device_name, count, started_at, ended_at)
      select workspace_id, id, 1, 'gpu', 'NVIDIA H100 80GB HBM3', 1 << (number / 10) % 4, started_at, ended_at
      from runs where project_id = ${projectId} and number between ${from} and ${to} and number % 10 = 0`
  })
}

async function nameMetrics(
  sql: Sql,
  { workspaceId, metricKeys }: { workspaceId: number; metricKeys: number },
): Promise<{ common: number[]; tail: number[] }> {
  await sql`
    insert into metric_keys (workspace_id, id, name)
    select ${workspaceId}, (select coalesce(max(id), 0) from metric_keys where workspace_id = ${workspaceId}) + row_number() over (order by u.place), u.name
    from (
      select name, n as place from unnest(${[...COMMON_METRICS]}::text[]) with ordinality c(name, n)
      union all
      select 'probe' || lpad((n / 200)::text, 2, '0') || '/' || (array['norm','grad','act','attn','rank'])[1 + n % 5] || '.' || n, 100 + n
      from generate_series(1, ${metricKeys - COMMON_METRICS.length}::int) n
    ) u
    where not exists (select 1 from metric_keys k where k.workspace_id = ${workspaceId} and k.name = u.name)`
  const keys = await sql<{ id: number; name: string }[]>`
    select id, name from metric_keys where workspace_id = ${workspaceId} order by id`
  const idOf = new Map(keys.map((key) => [key.name, key.id]))
  return {
    common: COMMON_METRICS.map((name) => idOf.get(name) ?? 0),
    tail: keys.flatMap((key) => (/^probe\d\d\//.test(key.name) ? key.id : [])),
  }
}

/** What the triggers on `runs` would have written, in the order of the index. */
async function writeValues(tx: Sql, { workspaceId, projectId, from, to }: Piece): Promise<void> {
  await tx`
    create temp table leaves on commit drop as
    select r.id as run_id, l.* from runs r, lateral (
      select key as path, value from jsonb_each(r.config) where jsonb_typeof(value) <> 'object'
      union all select 'model.' || key, value from jsonb_each(r.config -> 'model')
      union all select 'data.' || key, value from jsonb_each(r.config -> 'data')
    ) l where r.project_id = ${projectId} and r.number between ${from} and ${to} and l.value <> 'null'`
  await tx`
    insert into config_keys (workspace_id, path) select distinct ${workspaceId}::int, path from leaves
    on conflict (workspace_id, path) do nothing`
  await tx`
    insert into config_values (project_id, key_id, run_id, number, text, truth)
    select ${projectId}::int, k.id, l.run_id, case when jsonb_typeof(l.value) = 'number' then l.value::float8 end,
      case when jsonb_typeof(l.value) = 'string' then l.value #>> '{}' end, case when jsonb_typeof(l.value) = 'boolean' then l.value::boolean end
    from leaves l join config_keys k on k.workspace_id = ${workspaceId} and k.path = l.path
    order by k.id, l.run_id`
  await tx`
    insert into run_tags (project_id, tag, run_id)
    select ${projectId}::int, tag, r.id from runs r, unnest(r.tags) tag
    where r.project_id = ${projectId} and r.number between ${from} and ${to} order by tag, r.id`
}

async function makeEvaluations(tx: Sql, { workspaceId, projectId, slug, from, to }: Piece): Promise<void> {
  await tx`
    insert into checkpoints (uid, workspace_id, project_id, experiment_id, run_id, attempt, step, tokens, location)
    select md5('checkpoint ' || uid)::uuid, workspace_id, project_id, experiment_id, id, 1, last_step, tokens, 'seed'
    from runs where project_id = ${projectId} and number between ${from} and ${to} and number % 10 = 0`
  await tx`
    insert into evaluations (workspace_id, project_id, checkpoint_id, benchmark_id, protocol_id, metric, score, stderr, n,
      status, created_by, completed_at)
    select ${workspaceId}, ${projectId}, c.id, b.id, p.id, 'acc', 0.3 + (abs(hashint8(c.id * 31 + b.id)) % 6000) / 10000.0, 0.01, 1000,
      'complete', 'seed', now()
    from runs r join checkpoints c on c.run_id = r.id, benchmarks b, protocols p
    where r.project_id = ${projectId} and r.number between ${from} and ${to} and b.workspace_id = ${workspaceId}
      and b.slug = any(${[...BENCHMARKS]}::text[]) and p.workspace_id = ${workspaceId} and p.fingerprint = ${fingerprintOf(slug)}`
}
