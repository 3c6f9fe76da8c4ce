/** What a metric sums for one item: a score, a loss with its bytes, a prediction with its truth, or counts of n-grams. */
export interface EvaluationItem {
  id: string
  /** SHA-256 of the normalised prompt. */
  hash?: string
  trial?: number
  /** Items that share a passage, document, template or translation. */
  cluster?: string
  tags?: Record<string, string>
  score?: number
  nats?: number
  bytes?: number
  tokens?: number
  pred?: string
  gold?: string
  hyp_len?: number
  ref_len?: number
  match?: readonly number[]
  total?: readonly number[]
  prompt?: string
  output?: string
  expected?: string
  /** How an answer was judged, in a word or two. */
  verdict?: string
}
