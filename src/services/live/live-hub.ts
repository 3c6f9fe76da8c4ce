import type { Log } from '../context.ts'
import type { LiveHub, NewsFilter, RunNews } from './run-news.ts'

interface Subscriber {
  take: (news: RunNews) => void
  gap: (() => void) | undefined
}

/**
 * The hub of one process. Subscribers are found by run and by project, not one by one: news of a run that nobody watches costs two
 * look-ups, however many watch others.
 */
export function openLiveHub(log: Log): LiveHub {
  const all = new Set<Subscriber>()
  const byRun = new Map<number, Set<Subscriber>>()
  const byProject = new Map<number, Set<Subscriber>>()
  const asking = new Map<Subscriber, (runId: number) => boolean>()

  /** A reader that breaks must not break the writer whose batch it was told of. */
  function safely(work: () => void): void {
    try {
      work()
    } catch (error) {
      log.error({ err: error }, 'A reader of live news failed.')
    }
  }

  return {
    tell: (news) => {
      for (const subscriber of byRun.get(news.runId) ?? NOBODY) safely(() => subscriber.take(news))
      for (const subscriber of byProject.get(news.projectId) ?? NOBODY) safely(() => subscriber.take(news))
      for (const [subscriber, wants] of asking)
        safely(() => {
          if (wants(news.runId)) subscriber.take(news)
        })
    },
    tellGap: () => {
      for (const subscriber of all) safely(() => subscriber.gap?.())
    },
    subscribe: (filter, take, gap) => {
      const subscriber: Subscriber = { take, gap }
      all.add(subscriber)
      const leave = enter(filter, subscriber)
      return () => {
        all.delete(subscriber)
        leave()
      }
    },
  }

  function enter(filter: NewsFilter, subscriber: Subscriber): () => void {
    if (typeof filter === 'function') {
      asking.set(subscriber, filter)
      return () => asking.delete(subscriber)
    }
    if ('projectId' in filter) {
      const { projectId } = filter
      join(byProject, projectId, subscriber)
      return () => part(byProject, projectId, subscriber)
    }
    // As it is now: the caller's set may change.
    const runIds = [...filter]
    for (const runId of runIds) join(byRun, runId, subscriber)
    return () => {
      for (const runId of runIds) part(byRun, runId, subscriber)
    }
  }
}

const NOBODY: ReadonlySet<Subscriber> = new Set()

function join(index: Map<number, Set<Subscriber>>, key: number, subscriber: Subscriber): void {
  const there = index.get(key)
  if (there) there.add(subscriber)
  else index.set(key, new Set([subscriber]))
}

function part(index: Map<number, Set<Subscriber>>, key: number, subscriber: Subscriber): void {
  const there = index.get(key)
  if (there?.delete(subscriber) && there.size === 0) index.delete(key)
}
