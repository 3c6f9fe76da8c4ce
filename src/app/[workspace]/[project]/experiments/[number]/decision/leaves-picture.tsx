'use client'
import { Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Bought } from '#src/protocol/bought.ts'
import type { ProjectCost } from '#src/protocol/cost.ts'
import type { DecisionPage } from '#src/protocol/decisions.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { useGo } from '#src/ui/connection/use-go.ts'
import { absentWords, type BoughtChoice, boughtTable, leftOutWords, nOf, panelsOf } from '#src/ui/cost/bought-panels.ts'
import { deviceKindOf, type UnitChoice } from '#src/ui/cost/cost-units.ts'
import { ParetoDrawing } from '#src/ui/cost/pareto.tsx'
import { usualPair } from '#src/ui/cost/prepare-pareto.ts'
import { usualCurrency } from '#src/ui/cost/totals.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { paths } from '#src/ui/paths.ts'
import { POLL_IDLE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './decision.module.css'
import type { DecisionPlace } from './decision-address.ts'

const HEIGHT = 280

/** Every end of the lineage and this stage: what each cost and kept against what it gained, with the front. */
export function LeavesPicture(props: DecisionPlace & { page: DecisionPage }) {
  const { workspace, project } = props
  const trpc = useTRPC()
  const place = { workspace, project }
  const cost = useQuery(trpc.cost.project.queryOptions(place, { refetchInterval: POLL_IDLE_MS }))
  const bought = useQuery(trpc.lineage.bought.queryOptions(place, { refetchInterval: POLL_IDLE_MS }))
  return (
    <Answer query={cost} what="The cost of the project" loading={<Skeleton height={HEIGHT + 40} mt={20} />}>
      {(whole) => (
        <Answer query={bought} what="What the stages bought" loading={<Skeleton height={HEIGHT + 40} mt={20} />}>
          {(all) => <Picture {...props} whole={whole} all={all} />}
        </Answer>
      )}
    </Answer>
  )
}

function Picture(props: DecisionPlace & { page: DecisionPage; whole: ProjectCost; all: Bought }) {
  const { workspace, project, number, page, whole, all } = props
  const { ref, width } = useElementSize()
  const drawing = useRef<HTMLDivElement>(null)
  const [lit, setLit] = useState<string | null>(null)
  const go = useGo()
  const bought = leavesOf(all, number)
  const pair = pairOf(all, page)
  if (pair === null) return null
  const currency = usualCurrency([whole.totals.all])
  const choice: UnitChoice = { unit: currency === null ? 'time' : 'money', currency, device: deviceKindOf(whole.hours) }
  const ask: BoughtChoice = { ...pair, x: currency === null ? 'time' : 'money', path: new Set([number]), level: null }
  const { panels, yWords, isShared } = panelsOf(bought, whole, choice, ask)
  const drawn = panels.filter(({ panel }) => panel.points.length > 0)
  // A panel without a point is left out whole: what it lacks is said as that of its axis.
  const missing = drawn.length === 0 ? leftOutWords(panels) : leftOutWords(drawn)
  const absent = drawn.length === 0 ? null : absentWords(panels)
  return (
    <Section
      title="All ends of the lineage"
      note={`${nOf(bought, ask)}; hollow: gain not certain; dashes: front`}
      actions={
        <PictureMenu name={`${project}-ends`} table={boughtTable(bought, whole, choice, ask)} drawing={drawing} />
      }
    >
      <div ref={ref}>
        <div ref={drawing} style={{ minHeight: HEIGHT }}>
          {width === 0 ? null : drawn.length === 0 ? (
            <p className={styles.quiet}>No end of the lineage was measured on both benchmarks.</p>
          ) : (
            <ParetoDrawing
              panels={drawn}
              yWords={yWords}
              isShared={isShared}
              width={width}
              height={HEIGHT}
              lit={lit}
              onLight={setLit}
              onPick={(experiment) => go(paths.decision(workspace, project, experiment))}
            />
          )}
        </div>
      </div>
      {missing ? <p className={styles.quiet}>{missing}</p> : null}
      {absent ? <p className={styles.quiet}>{absent}</p> : null}
    </Section>
  )
}

/** The stages from which nothing goes on, and the one that is decided on. */
function leavesOf(all: Bought, number: number): Bought {
  const parents = new Set(all.stages.flatMap(({ parent }) => parent ?? []))
  return {
    ...all,
    stages: all.stages.filter(({ experiment }) => experiment.number === number || !parents.has(experiment.number)),
  }
}

/** Columns of the stage's own target, and of what it lost most of; where it has none, those of most stages. */
function pairOf(all: Bought, page: DecisionPage): { target: number; kept: number } | null {
  const usual = usualPair(all)
  if (usual === null) return null
  const parent = page.against.find(({ roles }) => roles.includes('parent'))
  const column = (slug: string | null | undefined) => all.benchmarks.findIndex((benchmark) => benchmark.slug === slug)
  const target = column(parent?.changes.find(({ role }) => role === 'target')?.benchmark.slug)
  const kept = column(parent?.verdict?.worst)
  const shown = { target: target < 0 ? usual.target : target, kept: kept < 0 ? usual.kept : kept }
  return shown.target === shown.kept ? usual : shown
}
