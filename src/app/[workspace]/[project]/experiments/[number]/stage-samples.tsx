'use client'
import { ActionIcon } from '@mantine/core'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { formatNumber } from '#src/core/format/number.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { Section } from '#src/ui/kit/section.tsx'
import styles from './stage.module.css'

/** The same prompt before and after, one at a time; how many verdicts changed. */
export function StageSamples({ page }: { page: StagePage }) {
  const [at, setAt] = useState(0)
  const sample = page.samples[Math.min(at, page.samples.length - 1)]
  const lost = page.flips.reduce((n, flip) => n + flip.lost, 0)
  const gained = page.flips.reduce((n, flip) => n + flip.gained, 0)
  const names = new Map(page.changes.map(({ benchmark }) => [benchmark.slug, benchmark.name]))
  const nameOf = (slug: string) => names.get(slug) ?? slug
  const step = (by: number) => setAt((at + by + page.samples.length) % page.samples.length)
  return (
    <Section
      title="Same prompt, before and after"
      note={page.flips.length > 0 ? `${lost} lost, ${gained} gained` : undefined}
      actions={
        page.samples.length > 1 ? (
          <span className={styles.stepper}>
            <ActionIcon variant="subtle" color="gray" size={24} aria-label="Previous prompt" onClick={() => step(-1)}>
              <ChevronLeft size={14} strokeWidth={1.75} aria-hidden />
            </ActionIcon>
            <span className="ink-3">
              {Math.min(at, page.samples.length - 1) + 1} of {page.samples.length}
            </span>
            <ActionIcon variant="subtle" color="gray" size={24} aria-label="Next prompt" onClick={() => step(1)}>
              <ChevronRight size={14} strokeWidth={1.75} aria-hidden />
            </ActionIcon>
          </span>
        ) : undefined
      }
    >
      {sample ? (
        <dl className={styles.sample} aria-live="polite">
          <div>
            <dt>{nameOf(sample.benchmark)}</dt>
            <dd>{sample.prompt}</dd>
          </div>
          {sample.expected === null ? null : (
            <div>
              <dt>expected</dt>
              <dd className="ink-2">{sample.expected}</dd>
            </div>
          )}
          <div>
            <dt>{page.baseline?.experiment.name ?? 'before'}</dt>
            <dd>
              {sample.before.output || <span className="ink-3">empty</span>} <Verdict score={sample.before.score} />
            </dd>
          </div>
          <div>
            <dt>{page.card.name}</dt>
            <dd className={styles.after}>
              {sample.after.output || <span className="ink-3">empty</span>} <Verdict score={sample.after.score} />
            </dd>
          </div>
        </dl>
      ) : (
        <p className={styles.quiet}>No item was answered by both checkpoints with its text kept.</p>
      )}
      {page.flips.length > 0 ? (
        <ul className={styles.flips}>
          {page.flips.map((flip) => (
            <li key={flip.benchmark}>
              <span>{nameOf(flip.benchmark)}</span>
              <span className="ink-3">
                {flip.lost} lost, {flip.gained} gained, {flip.kept_right} kept right, {flip.kept_wrong} kept wrong
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  )
}

/** Whole verdicts in words, parts as numbers. */
function Verdict({ score }: { score: number | null }) {
  if (score === null) return null
  const word = score === 1 ? 'right' : score === 0 ? 'wrong' : formatNumber(score)
  return <small className={styles.sampleVerdict}>{word}</small>
}
