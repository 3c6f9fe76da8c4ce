import type { NewsKind } from '../../core/live/news-digest.ts'

/** Something happened to a run that screens may want to show. Told after the commit; a hint, never the data itself. */
export interface RunNews {
  runId: number
  projectId: number
  /** The greatest step of the batch, telemetry aside; null when the news is not about one. */
  lastStep: number | null
  /** Epoch ms. */
  atMs: number
  kind: NewsKind
}

/** Whom news is for: runs by id, a project, or whatever a function says yes to (asked for every news of the process). */
export type NewsFilter = ReadonlySet<number> | { readonly projectId: number } | ((runId: number) => boolean)

/** Where news of this process meets those who wait for it. */
export interface LiveHub {
  /** Hands news to those who asked for it before it returns. Costs a look-up when nobody did; never throws. */
  tell(news: RunNews): void
  /** Something may have gone by unheard: whoever listens must look at everything anew. */
  tellGap(): void
  /**
   * @param take called with each news, in order; must be quick, since a writer's acknowledgement waits for it
   * @param gap called when news may have been missed
   * @returns ends it
   */
  subscribe(filter: NewsFilter, take: (news: RunNews) => void, gap?: () => void): () => void
}
