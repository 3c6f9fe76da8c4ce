/** What a search over everything found, in the groups in which it is shown. */
import type { StageKind } from '../core/experiments/stage-kinds.ts'
import type { RunState } from '../core/runs/states.ts'

export interface FoundGroup<Item> {
  /** The best ones first. */
  items: Item[]
  /** How many there are. */
  found: number
}

export interface Everything {
  /** How long the search took, in whole milliseconds. */
  ms: number
  projects: FoundGroup<{ slug: string; name: string; runs: number }>
  stages: FoundGroup<{
    project: string
    number: number
    name: string
    stage_kind: StageKind
    method: string | null
    runs: number
  }>
  runs: FoundGroup<{
    project: string
    id: string
    number: number
    name: string
    state: RunState
    /** Null while nobody said to which stage it belongs. */
    stage: { name: string; stage_kind: StageKind } | null
    /** Why it was found, where neither its number nor its name says so: `tag = keep`, `config.lr = 0.0003`. */
    because: string | null
  }>
  checkpoints: FoundGroup<{
    project: string
    id: string
    step: number
    tokens: number | null
    size_bytes: number
    sha256: string | null
    run: { number: number; name: string } | null
    stage: { number: number; name: string }
    /** True when its hash or its id begins with the text. */
    by_hash: boolean
  }>
  keys: FoundGroup<{
    /** As the grammar of a search writes it: `metrics.loss`, `config.lr`, `eval.mmlu`. */
    field: string
    kind: 'config' | 'metric' | 'benchmark'
    /** A benchmark's short name; its page is named by it. */
    key: string
    name: string | null
  }>
}

/** Longer texts name nothing. */
export const EVERYTHING_CHARACTERS_MAX = 200
