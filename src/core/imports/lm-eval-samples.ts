/**
 * Samples of lm-evaluation-harness as items. One record per document and filter; a document is known by its `doc_hash`, and documents
 * of one task that share it are paired in the order of `doc_id`. Arguments come as `{gen_args_0: {arg_0, arg_1}}` or as lists.
 */
import type { EvaluationItem } from '../evaluations/items.ts'
import { itemFactor } from '../evaluations/score-interval.ts'
import { agrees } from '../evaluations/score-of-items.ts'
import type { LmEvalCell } from './lm-eval-results.ts'
import { isObject, type Json, textAt } from './lm-eval-results.ts'

export interface LmEvalSample {
  docId: number
  docHash: string
  filter: string | null
  /** The record; metrics stand in it under their names. */
  record: Json
}

/** Reads one record that was parsed already; a sentence when it is no sample. */
export function readSample(value: unknown): LmEvalSample | string {
  if (!isObject(value)) return 'is no object'
  const { doc_id } = value
  if (typeof doc_id !== 'number' || !Number.isInteger(doc_id)) return 'has no doc_id'
  return {
    docId: doc_id,
    // Files of 0.4.0 to 0.4.2 have no hashes; the number of the document stands for it there.
    docHash: textAt(value, 'doc_hash') ?? `doc ${doc_id}`,
    filter: textAt(value, 'filter'),
    record: value,
  }
}

/**
 * Names the filter of samples whose file does not, as older ones of 0.4: there all documents of the first filter come before all of the
 * second, so the k-th record of a document is of the k-th filter.
 *
 * @param filters of the task in the order of its results
 * @returns the sample with its filter; to be asked once for each sample, in the order of the file
 */
export function filterNamer(filters: readonly string[]): (sample: LmEvalSample) => LmEvalSample {
  const seen = new Map<number, number>()
  return (sample) => {
    if (sample.filter !== null) return sample
    const place = seen.get(sample.docId) ?? 0
    if (filters.length > 1) seen.set(sample.docId, place + 1)
    return { ...sample, filter: filters[place] ?? null }
  }
}

/** What a metric sums for one document; a sentence where that cannot be told. */
type Sum = Pick<EvaluationItem, 'score' | 'nats' | 'bytes' | 'tokens'>

function sumOf(metric: string, value: unknown): Sum | string {
  if (value === undefined) return 'is missing'
  if (typeof value === 'boolean') return { score: Number(value) }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return `is ${value}`
    // exp of the mean loss per document: each counts as one.
    return metric === 'perplexity' ? { nats: -value, tokens: 1 } : { score: value }
  }
  const [logLikelihood, weight] = Array.isArray(value) ? value : []
  const isPair = Array.isArray(value) && value.length === 2 && Number.isFinite(logLikelihood) && Number.isFinite(weight)
  if (isPair && weight > 0 && metric === 'bits_per_byte') return { nats: -logLikelihood, bytes: weight }
  if (isPair && weight > 0 && metric === 'word_perplexity') return { nats: -logLikelihood, tokens: weight }
  return 'is no number of its own: this metric is worked out over the whole corpus'
}

/** What a first pass over a samples file finds out; texts are not kept, of a document 16 characters are. */
export interface SampleSurvey {
  see(sample: LmEvalSample): void
  /**
   * Whether the samples are the items of a cell: as many as it says, and of the same score.
   *
   * @returns how many items there will be, or why none are attached
   */
  itemsFor(cell: LmEvalCell, scale: 1 | 100): { kind: 'items'; n: number } | { kind: 'none'; why: string }
  /** The id of the sample's item: the start of its hash; documents with one hash are numbered in the order of doc_id. */
  idOf(sample: LmEvalSample): string
}

interface Tally {
  n: number
  scores: number
  nats: number
  weight: number
  /** The first thing that was wrong with a value. */
  fault: string | null
}

/** @param metrics that the task's cells name */
export function surveySamples(metrics: readonly string[]): SampleSurvey {
  const tallies = new Map<string, Tally>()
  const firsts = new Map<string, number>()
  const doubles = new Map<string, number[]>()
  const keyOf = (filter: string | null, name: string) => `${filter ?? ''} ${name}`
  const hashOf = ({ docHash }: LmEvalSample) => (docHash.startsWith('doc ') ? docHash : docHash.slice(0, 16))
  return {
    see(sample) {
      const place = keyOf(sample.filter, hashOf(sample))
      const first = firsts.get(place)
      if (first === undefined) firsts.set(place, sample.docId)
      else
        doubles.set(
          place,
          [...(doubles.get(place) ?? [first]), sample.docId].sort((a, b) => a - b),
        )
      for (const metric of metrics) {
        const key = keyOf(sample.filter, metric)
        const tally = tallies.get(key) ?? { n: 0, scores: 0, nats: 0, weight: 0, fault: null }
        tallies.set(key, tally)
        tally.n++
        const sum = sumOf(metric, sample.record[metric])
        if (typeof sum === 'string') {
          // A document that a metric does not name does not count for it.
          if (sum === 'is missing') tally.n--
          else tally.fault ??= `"${metric}" of document ${sample.docId} ${sum}`
          continue
        }
        tally.scores += sum.score ?? 0
        tally.nats += sum.nats ?? 0
        tally.weight += sum.bytes ?? sum.tokens ?? 0
      }
    },
    itemsFor(cell, scale) {
      const tally = tallies.get(keyOf(cell.filter, cell.metric))
      if (!tally || tally.n === 0) return { kind: 'none', why: 'no sample has this metric' }
      if (tally.fault !== null) return { kind: 'none', why: tally.fault }
      if (cell.n !== null && tally.n !== cell.n)
        return { kind: 'none', why: `${tally.n} of ${cell.n} samples could be read` }
      const score = scoreOfTally(cell.metric, tally)
      const stated = score * (tally.weight === 0 ? itemFactor(score, cell.score, scale) : 1)
      return agrees(cell.score, stated, scale)
        ? { kind: 'items', n: tally.n }
        : {
            kind: 'none',
            why: `the score is ${cell.score}, the samples give ${Number(stated.toPrecision(6))} by their mean`,
          }
    },
    idOf(sample) {
      const hash = hashOf(sample)
      const same = doubles.get(keyOf(sample.filter, hash))
      const place = same ? same.indexOf(sample.docId) : 0
      return place > 0 ? `${hash}-${place + 1}` : hash
    },
  }
}

const scoreOfTally = (metric: string, { n, scores, nats, weight }: Tally): number => {
  if (weight === 0) return scores / n
  return metric === 'bits_per_byte' ? nats / Math.LN2 / weight : Math.exp(nats / weight)
}

/** Characters of a prompt or an answer that the door takes. */
const TEXT_MAX = 100_000

/** The item of a sample under a metric; null for a sample of another filter or without the metric. */
export function itemOfSample(sample: LmEvalSample, id: string, cell: LmEvalCell): EvaluationItem | null {
  if (sample.filter !== cell.filter) return null
  const sum = sumOf(cell.metric, sample.record[cell.metric])
  if (typeof sum === 'string') return null
  const requests = requestsOf(sample.record.arguments)
  const promptHash = textAt(sample.record, 'prompt_hash')
  const output = outputOf(sample.record, requests)
  const expected = expectedOf(sample.record.target, requests)
  const prompt = requests[0]?.context
  return {
    id,
    ...(promptHash !== null && { hash: promptHash.slice(0, 128) }),
    ...sum,
    ...(prompt !== undefined && prompt !== '' && { prompt: cut(prompt) }),
    ...(output !== null && { output: cut(output) }),
    ...(expected !== null && { expected: cut(expected) }),
  }
}

/** What was asked of the model: a context, and the answer whose likelihood was asked for, or how to generate one. */
interface Request {
  context: string
  answer: string | null
  isGenerated: boolean
}

function requestsOf(value: unknown): Request[] {
  const list = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []
  return list.flatMap((request) => {
    const [context, second] = Array.isArray(request) ? request : isObject(request) ? [request.arg_0, request.arg_1] : []
    if (typeof context !== 'string') return []
    return [{ context, answer: typeof second === 'string' ? second : null, isGenerated: isObject(second) }]
  })
}

/** The generated text after the filter, or of several given answers the likeliest. */
function outputOf(record: Json, requests: readonly Request[]): string | null {
  const answers = Array.isArray(record.filtered_resps) ? record.filtered_resps : []
  if (requests.length > 1 && answers.length === requests.length && requests.every(({ answer }) => answer !== null)) {
    const likelihoods = answers.map((answer) => Number(Array.isArray(answer) ? answer[0] : Number.NaN))
    if (!likelihoods.every(Number.isFinite)) return null
    return requests[likelihoods.indexOf(Math.max(...likelihoods))]?.answer?.trim() ?? null
  }
  const [first] = answers
  const text = Array.isArray(first) && first.length === 1 ? first[0] : first
  return typeof text === 'string' && requests[0]?.isGenerated ? text : null
}

/** The target; the number of a given answer becomes that answer. */
function expectedOf(target: unknown, requests: readonly Request[]): string | null {
  if (typeof target !== 'string' && typeof target !== 'number') return null
  const option = /^\d+$/.test(String(target)) && requests.length > 1 ? requests[Number(target)]?.answer : null
  return option?.trim() ?? String(target)
}

const cut = (text: string): string => (text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`)
