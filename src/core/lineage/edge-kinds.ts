/** What a parent is to its child. */
export const EDGE_KINDS = [
  'init',
  'adapter_on',
  'merge',
  'teacher',
  'generator',
  'judge',
  'reference',
  'reward_model',
  'tokenizer',
  'data',
] as const

export type EdgeKind = (typeof EDGE_KINDS)[number]

/** Edges along which weights pass: they carry forgetting. */
export const WEIGHT_EDGES = ['init', 'adapter_on', 'merge'] as const satisfies readonly EdgeKind[]

/** Edges that carry cost besides the weight edges; `tokenizer` and `data` only explain. */
export const DEPENDENCY_EDGES = [
  'teacher',
  'generator',
  'judge',
  'reference',
  'reward_model',
] as const satisfies readonly EdgeKind[]

export type WeightEdge = (typeof WEIGHT_EDGES)[number]

/** True for an edge along which weights pass. */
export const isWeightEdge = (kind: EdgeKind): kind is WeightEdge => (WEIGHT_EDGES as readonly EdgeKind[]).includes(kind)
