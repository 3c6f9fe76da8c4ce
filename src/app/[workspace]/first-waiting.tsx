'use client'
import { useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { formatDuration } from '#src/core/format/duration.ts'
import { paths } from '#src/ui/paths.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './first-point.module.css'
import { firstSteps } from './first-steps.ts'
import type { FirstKey } from './use-first-key.ts'

/** How often the page asks whether something arrived, ms. */
const ASK_MS = 1_500

const clock = (at: number | string): string => new Date(at).toLocaleTimeString('en-GB')

/** What has arrived so far, step by step; opens the first run by itself. */
export function FirstWaiting(props: { workspace: string; project: string | null; minted: FirstKey | null }) {
  const { workspace, project, minted } = props
  const trpc = useTRPC()
  const router = useRouter()
  const answeredInMs = useAnswerTime()
  const keys = useQuery({
    ...trpc.keys.list.queryOptions({ workspace }, { refetchInterval: ASK_MS }),
    enabled: minted !== null,
  })
  const projects = useQuery({
    ...trpc.projects.list.queryOptions({ workspace }, { refetchInterval: ASK_MS }),
    enabled: project === null,
  })
  const slug = project ?? projects.data?.find(({ runs }) => runs > 0)?.slug ?? null
  const runs = useQuery({
    ...trpc.runs.list.queryOptions({ workspace, project: slug ?? '', limit: 1 }, { refetchInterval: ASK_MS }),
    enabled: slug !== null,
  })
  const run = runs.data?.items[0] ?? null
  const hasPoint = run !== null && run.last_step !== null
  const number = run?.number ?? null
  useEffect(() => {
    // Going back does not return to a page that waits for what is there.
    if (hasPoint && slug !== null && number !== null) router.replace(paths.run(workspace, slug, number))
  }, [hasPoint, workspace, slug, number, router])
  const steps = firstSteps(
    {
      answeredInMs,
      keyIsMade: minted !== null,
      keyUsedAt: keys.data?.find(({ id }) => id === minted?.id)?.last_used_at ?? null,
      run: run && { number: run.number, name: run.name, stage: run.experiment.name },
      hasPoint,
    },
    clock,
  )
  const now = steps.find(({ state }) => state === 'now')
  return (
    <div className={styles.waiting}>
      <div className={styles.waitingHead}>
        <h3 className={styles.waitingTitle}>{hasPoint ? 'The first point is there' : 'Waiting for the first point'}</h3>
        <Since />
      </div>
      <ol className={styles.steps}>
        {steps.map(({ title, fact, state }) => (
          <li
            key={title}
            className={styles.step}
            data-state={state}
            aria-current={state === 'now' ? 'step' : undefined}
          >
            <span className={styles.ring} aria-hidden>
              {state === 'done' ? <Check size={12} strokeWidth={2} /> : null}
            </span>
            <span className={styles.stepTitle}>
              {title}
              <span className="visually-hidden">{STATE_WORDS[state]}</span>
            </span>
            <span className={styles.stepFact}>{fact}</span>
          </li>
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {now ? `Waiting for: ${now.title}` : 'The first point is there'}
      </p>
    </div>
  )
}

const STATE_WORDS = { done: ', done', now: ', waited for', later: '' } as const

/** "Since 14:18:02, for 48 s." */
function Since() {
  const [since, setSince] = useState<number | null>(null)
  const [now, setNow] = useState(0)
  useEffect(() => {
    const start = Date.now()
    setSince(start)
    setNow(start)
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  if (since === null) return <p className={styles.small}>Nothing to reload.</p>
  return (
    <p className={styles.small}>
      Since {clock(since)}, for {formatDuration(Math.max(0, Math.round((now - since) / 1000)))}. Nothing to reload.
    </p>
  )
}

/** How long the server's health page took to answer this browser, ms; null until it does. */
function useAnswerTime(): number | null {
  const [ms, setMs] = useState<number | null>(null)
  useEffect(() => {
    let isGone = false
    const start = performance.now()
    fetch('/healthz')
      .then((answer) => {
        if (answer.ok && !isGone) setMs(performance.now() - start)
      })
      .catch(() => {
        // The banner of the lost connection tells; the step stays waited for.
      })
    return () => {
      isGone = true
    }
  }, [])
  return ms
}
