/** News as a stream tells it, read without a schema: pages carry none. */
import { NEWS_KINDS, type NewsKind } from './news-digest.ts'

/** What a message says of one run. */
export interface ToldRun {
  /** Its number. */
  run: number
  /** The newest step that was told of; null when the news is not about one. */
  last_step: number | null
  /** Epoch ms. */
  at: number
  what: NewsKind[]
}

/** The news in parsed JSON; null when it is none, or when a part of it cannot be read. `more`: more runs advanced than are named. */
export function readNews(data: unknown): { runs: ToldRun[]; more: boolean } | null {
  if (!isRecord(data) || !Array.isArray(data.runs)) return null
  const { runs, more = false } = data
  return runs.every(isTold) && typeof more === 'boolean' ? { runs, more } : null
}

const isRecord = (data: unknown): data is Record<string, unknown> => typeof data === 'object' && data !== null

const isTold = (data: unknown): data is ToldRun =>
  isRecord(data) &&
  Number.isSafeInteger(data.run) &&
  (data.last_step === null || Number.isFinite(data.last_step)) &&
  Number.isFinite(data.at) &&
  Array.isArray(data.what) &&
  data.what.every((kind) => (NEWS_KINDS as readonly unknown[]).includes(kind))
