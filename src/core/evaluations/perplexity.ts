/**
 * `exp(−mean log-likelihood)` of tokens.
 *
 * @param logLikelihoods of each token, in nats
 * @throws RangeError without a token
 */
export function perplexity(logLikelihoods: readonly number[]): number {
  if (logLikelihoods.length === 0) throw new RangeError('loglik is empty; a perplexity needs a token.')
  return Math.exp(-logLikelihoods.reduce((sum, l) => sum + l, 0) / logLikelihoods.length)
}

/**
 * `exp(total nats / total tokens)` over a corpus, never the mean of the documents' perplexities.
 *
 * @param losses of each document, in nats per token
 * @param tokens of each, parallel to `losses`
 * @throws RangeError when the arrays are not parallel or hold no token
 */
export function corpusPerplexity(losses: readonly number[], tokens: readonly number[]): number {
  if (losses.length !== tokens.length)
    throw new RangeError(`doc_losses has ${losses.length} entries and tokens has ${tokens.length}; give one of each.`)
  const total = tokens.reduce((sum, t) => sum + t, 0)
  if (!(total > 0)) throw new RangeError('tokens sum to 0; a perplexity needs a token.')
  return Math.exp(losses.reduce((sum, loss, i) => sum + loss * (tokens[i] ?? 0), 0) / total)
}
