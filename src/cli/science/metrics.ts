import { z } from 'zod'
import { BLEU_ORDERS, bleuOfPrecisions, brevityPenalty } from '../../core/evaluations/bleu.ts'
import { f1, macroF1OfClasses, microF1OfClasses, precision, recall } from '../../core/evaluations/f1.ts'
import { passAtK } from '../../core/evaluations/pass-at-k.ts'
import { corpusPerplexity } from '../../core/evaluations/perplexity.ts'
import { count, type Family, notNegative, operation } from './family.ts'

const counts = z.object({ tp: notNegative, fp: notNegative, fn: notNegative })
const percent = z.number().min(0).max(100)

/** What tasks are scored by. */
export const metrics: Family = {
  f1: operation(counts, (own) => ({ precision: precision(own), recall: recall(own), f1: f1(own) })),
  f1_classes: operation(z.object({ classes: z.array(counts).min(1) }), ({ classes }) => ({
    macro: macroF1OfClasses(classes),
    micro: microF1OfClasses(classes),
  })),
  bleu: operation(
    z.object({ hyp_len: count, ref_len: count, precisions: z.array(percent).length(BLEU_ORDERS).optional() }),
    ({ hyp_len, ref_len, precisions }) => ({
      bp: brevityPenalty(hyp_len, ref_len),
      ratio: ref_len === 0 ? null : hyp_len / ref_len,
      ...(precisions && { bleu: bleuOfPrecisions(hyp_len, ref_len, precisions) }),
    }),
  ),
  perplexity: operation(z.object({ loglik: z.array(z.number()) }), ({ loglik }) => ({
    ppl: corpusPerplexity(
      loglik.map((own) => -own),
      loglik.map(() => 1),
    ),
  })),
  corpus_perplexity: operation(
    z.object({ doc_losses: z.array(z.number()), tokens: z.array(notNegative) }),
    ({ doc_losses, tokens }) => ({ ppl: corpusPerplexity(doc_losses, tokens) }),
  ),
  pass_at_k: operation(
    z.object({ k: z.int().min(1), problems: z.array(z.object({ n: z.int().min(1), c: count })).min(1) }),
    ({ k, problems }) => ({
      pass_at_k: problems.reduce((sum, { n, c }) => sum + passAtK(n, c, k), 0) / problems.length,
    }),
  ),
}
