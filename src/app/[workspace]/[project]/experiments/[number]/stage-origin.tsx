'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { Fragment, type ReactNode } from 'react'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import { formatPercent, formatValue } from '#src/core/format/number.ts'
import type { ExperimentRef } from '#src/protocol/experiments.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { Facts } from '#src/ui/kit/facts.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { methodWord } from '#src/ui/marks/stage-kinds.ts'
import { paths } from '#src/ui/paths.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { MixtureBar, mixtureWords } from './mixture-bar.tsx'
import { readLearningRate } from './read-learning-rate.ts'
import styles from './stage.module.css'
import { StageParents } from './stage-parents.tsx'
import type { StagePlace } from './stage-place.ts'
import { StageTold } from './stage-told.tsx'
import { mitigationWhys, mitigationWords, ownerWords } from './told-words.ts'

/** What the stage is made of and where it leads, as terms and definitions. */
export function StageOrigin(props: StagePlace & { page: StagePage; mayWrite: boolean }) {
  const { page, workspace } = props
  const { experiment } = page
  const trained = page.runs.find((run) => run.kind === 'train') ?? page.runs[0]
  const trpc = useTRPC()
  const run = useQuery({
    ...trpc.runs.get.queryOptions({ workspace, project: props.project, run: trained?.number ?? 1 }),
    enabled: trained !== undefined,
    staleTime: 60_000,
  })
  const tokenizer = run.data?.inputs.find((input) => input.kind === 'tokenizer') ?? null
  const from = page.parents.filter((edge) => edge.kind !== 'tokenizer' && edge.kind !== 'data')
  const tokenizerEdge = page.parents.find((edge) => edge.kind === 'tokenizer')
  return (
    <Section
      title="What and from what"
      className={styles.first}
      actions={<StageTold {...props} experiment={experiment} />}
    >
      <Facts
        facts={[
          { term: 'From', value: <StageParents {...props} edges={from} root={rootText(page)} /> },
          {
            term: 'Goal',
            value: goalText(page),
          },
          { term: 'Data', value: dataText(page) },
          {
            term: 'Mixture',
            value:
              experiment.mixture.length > 0 ? (
                <>
                  <MixtureBar mixture={experiment.mixture} /> {mixtureWords(experiment.mixture)}
                </>
              ) : null,
          },
          { term: 'Trained', value: trainedText(page) },
          { term: 'Method', value: methodText(page) },
          { term: 'Owner', value: ownerWords(experiment) },
          {
            term: 'Against forgetting',
            value: mitigationWords(experiment) ? (
              <span title={mitigationWhys(experiment)}>{mitigationWords(experiment)}</span>
            ) : null,
          },
          { term: 'Learning rate', value: run.data ? readLearningRate(run.data.config, formatValue) : null },
          {
            term: 'Tokenizer',
            value: tokenizer ? (
              <span title={tokenizer.sha256 ?? undefined}>
                {tokenizer.name}
                {tokenizer.version ? `@${tokenizer.version}` : ''}
              </span>
            ) : tokenizerEdge ? (
              <StageLink stage={tokenizerEdge.parent} workspace={workspace} />
            ) : null,
          },
          { term: 'Siblings', value: <StageLinks stages={page.siblings} workspace={workspace} /> },
          {
            term: 'Children',
            value: <StageLinks stages={page.children.map((edge) => edge.child)} workspace={workspace} />,
          },
        ]}
      />
    </Section>
  )
}

function StageLink({ stage, workspace }: { stage: ExperimentRef; workspace: string }) {
  return (
    <Link className="link" href={paths.stage(workspace, stage.project, stage.number)}>
      {stage.name}
    </Link>
  )
}

function StageLinks({ stages, workspace }: { stages: readonly ExperimentRef[]; workspace: string }) {
  const unique = [...new Map(stages.map((stage) => [`${stage.project}/${stage.number}`, stage])).values()]
  if (unique.length === 0) return <span className="ink-3">none</span>
  return unique.map((stage, i) => (
    <Fragment key={`${stage.project}-${stage.number}`}>
      {i > 0 ? ', ' : null}
      <StageLink stage={stage} workspace={workspace} />
    </Fragment>
  ))
}

function rootText({ experiment }: StagePage): string {
  const { root } = experiment
  if (root?.kind === 'random_init') return 'random weights, a root of the lineage'
  if (root?.kind === 'external_base')
    return [root.name, root.revision ? `@${root.revision}` : '', root.license ? `, ${root.license}` : ''].join('')
  if (root?.kind === 'api_model')
    return [
      root.name,
      root.provider ? ` by ${root.provider}` : '',
      root.price
        ? `, ${root.price.input} in and ${root.price.output} out ${root.price.currency} per million tokens (${root.price.source}, ${root.price.as_of})`
        : ', price per token not told',
    ].join('')
  return 'not told'
}

/** A stage without runs tells its purpose above. */
function goalText({ experiment, runs, checkpoints }: StagePage): string | null {
  const purpose = runs.length + checkpoints.length > 0 ? experiment.purpose : ''
  return [experiment.goal, purpose].filter(Boolean).join(': ') || null
}

function dataText({ experiment }: StagePage): ReactNode {
  if (experiment.mixture.length === 0) return null
  return experiment.mixture.map((source) => source.source).join(', ')
}

function trainedText({ experiment, card }: StagePage): string | null {
  const all = experiment.params ?? card.params
  const trainable = experiment.adapter?.trainable_params
  if (trainable !== undefined)
    return `${formatExactCount(trainable)} ${all === null ? 'parameters' : `of ${formatCount(all)} parameters, ${formatPercent(trainable / all)}`}`
  if (all === null) return null
  return experiment.adapter
    ? `adapter on ${formatExactCount(all)} parameters`
    : `all ${formatExactCount(all)} parameters`
}

function methodText({ experiment }: StagePage): string | null {
  const adapter = experiment.adapter
  const method = methodWord(experiment.method)
  const parts = [
    // An objective such as "DPO, beta 0.1" names the method itself.
    method !== null && experiment.objective?.toLowerCase().startsWith(method.toLowerCase()) ? null : method,
    experiment.objective,
    adapter
      ? [adapter.kind, adapter.rank ? `rank ${adapter.rank}` : null, adapter.alpha ? `alpha ${adapter.alpha}` : null]
          .filter(Boolean)
          .join(' ')
      : null,
    experiment.loss_mask ? `loss on ${experiment.loss_mask === 'all' ? 'all tokens' : 'the response'}` : null,
    experiment.precision?.compute ?? null,
  ].filter((part) => part !== null && part !== '')
  return parts.length > 0 ? [...new Set(parts)].join(', ') : null
}
