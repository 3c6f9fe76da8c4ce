import type { Orientation } from '../../../core/metrics/orientation.ts'

/** Values that hang on a stage or on a run and are reckoned outside the database, as parallel lists; no id twice. */
export interface ReckonedValues {
  of: 'stage' | 'run'
  /** Which values are better, where that is known. */
  better?: Orientation | null
  ids: readonly number[]
  values: readonly (number | string)[]
}

/** What names of a search mean here: looked up before the statement is made, so that no text of a caller becomes part of it. */
export interface SearchBindings {
  /** Milliseconds since 1970: what `today` and `-7d` count from. */
  now: number
  /** Numbers of config keys; one that nobody ever used is absent. */
  configKeys: ReadonlyMap<string, number>
  metrics: ReadonlyMap<string, { id: number; better: Orientation | null }>
  /** Evaluations and costs by the text of their field. */
  reckoned: ReadonlyMap<string, ReckonedValues>
  /** Of each stage (experiment id) the runs on its weight path. */
  paths: { stages: readonly number[]; runs: readonly number[] }
  /** The project itself first, then those in which runs of weight paths lie. */
  projectIds: readonly number[]
}
