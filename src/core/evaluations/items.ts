/** What a metric sums for one item: a score, a loss with its bytes, or a prediction with its truth. */
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
  prompt?: string
  output?: string
  expected?: string
}
