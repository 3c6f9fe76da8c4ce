'use client'
import { SegmentedControl, Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import type { DecisionPage, DecisionReference } from '#src/protocol/decisions.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { WhenNear } from '#src/ui/kit/when-near.tsx'
import { FlippedItems } from '#src/ui/matrix/flipped-items.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './decision.module.css'
import { ADDRESS, type DecisionPlace } from './decision-address.ts'
import { flipChoices } from './flip-choices.ts'

/** Items that were lost and gained between a reference and this stage, with prompts and outputs side by side. */
export function FlipsPart(props: DecisionPlace & { page: DecisionPage }) {
  const { workspace, project, page } = props
  const [view, set] = useQueryStates(ADDRESS)
  const asked = flipChoices(page.against, view.to)
  const reference = asked?.reference
  const choices = reference ? comparedOf(reference) : []
  const chosen = choices.find(({ benchmark }) => benchmark.slug === view.bench) ?? choices[0]
  const checkpoint = page.checkpoint
  return (
    <Section
      title="What changed, item by item"
      note={reference ? `against ${reference.experiment.name}` : undefined}
      className={styles.flips}
    >
      {asked && reference && chosen && checkpoint && reference.checkpoint ? (
        <>
          <div className={styles.flipControls}>
            <SegmentedControl
              aria-label="Flips against"
              value={asked.value}
              data={asked.choices}
              onChange={(to) => void set({ to, item: 0, flip: null })}
            />
            <Select
              aria-label="Benchmark of the flips"
              w={220}
              value={chosen.benchmark.slug}
              data={choices.map(({ benchmark }) => ({ value: benchmark.slug, label: benchmark.name }))}
              onChange={(bench) => void set({ bench, item: 0, flip: null })}
            />
          </div>
          <div className={styles.items}>
            <WhenNear meanwhile={<Skeleton height={240} />}>
              <Items
                workspace={workspace}
                project={project}
                checkpoint={checkpoint.id}
                benchmark={chosen.benchmark.slug}
                baseline={reference.checkpoint.id}
              />
            </WhenNear>
          </div>
        </>
      ) : (
        <p className={styles.quiet}>
          {reference
            ? `Nothing was measured on both ${page.experiment.name} and ${reference.experiment.name} whose items can be right or wrong.`
            : 'There is no stage to compare items with.'}
        </p>
      )}
    </Section>
  )
}

/** Of what can be compared and is no loss: targets first, then the worst. */
const comparedOf = ({ changes }: DecisionReference) =>
  changes.filter(({ change, benchmark }) => change !== null && benchmark.kind !== 'loss')

function Items(props: { workspace: string; project: string; checkpoint: string; benchmark: string; baseline: string }) {
  const [view, set] = useQueryStates(ADDRESS)
  const trpc = useTRPC()
  const asked = { ...props, variant: '' }
  const cell = useQuery(trpc.evaluations.matrixCell.queryOptions(asked, { placeholderData: keepPreviousData }))
  return (
    <Answer query={cell} what="The items" loading={<Skeleton height={240} />}>
      {(detail) => (
        <FlippedItems
          {...asked}
          flip={view.flip}
          item={view.item}
          onFlip={(flip) => void set({ flip, item: 0 })}
          onItem={(item) => void set({ item })}
          detail={detail}
          isFootStill
        />
      )}
    </Answer>
  )
}
