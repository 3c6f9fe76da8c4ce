/** The structured fields of an experiment. Counts are integers below 2^53; money is a decimal string with a currency. */

/** Sizes of data, tensor and pipeline parallelism; global batch = micro batch × accumulation × dp. */
export interface Parallelism {
  dp?: number
  tp?: number
  pp?: number
  micro_batch?: number
  grad_accum?: number
  global_batch?: number
  /** Tokens of one sample. */
  sequence_length?: number
}

/** Number formats, such as bf16 or fp32. */
export interface Precision {
  weights?: string
  compute?: string
  grads?: string
  optimizer?: string
}

/** What a stage is meant to take; each is optional. */
export interface Plan {
  tokens?: number
  steps?: number
  device_kind?: string
  device_count?: number
  hours?: number
  money?: { amount: string; currency: string }
  note?: string
}

/** A parameter-efficient adapter: rank, alpha, the modules it touches and what it trains. */
export interface Adapter {
  kind: string
  rank?: number
  alpha?: number
  dropout?: number
  targets?: string[]
  trainable_params?: number
  merged?: boolean
}

/** What the card of an external base says that its training took; shown beside costs and in no total of money. */
export interface Embodied {
  device?: string
  device_hours?: number
  kwh?: number
  kg_co2e?: number
  tokens?: number
  source: string
}

/** What an API model takes for a million tokens: decimal strings of one currency, as its provider said on a day. */
export interface TokenPrice {
  input: string
  output: string
  currency: string
  as_of: string
  source: string
}

/** What a root was made of. */
export type RootDetail =
  | { kind: 'random_init' }
  | {
      kind: 'external_base'
      name: string
      revision?: string
      license?: string
      location?: string
      embodied?: Embodied
    }
  | { kind: 'api_model'; name: string; provider?: string; price?: TokenPrice }
