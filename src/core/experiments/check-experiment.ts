/** What an experiment must be before anything of it is written: pure, every objection at once. */
import { type EdgeKind, isWeightEdge } from '../lineage/edge-kinds.ts'
import { nearest } from '../search/nearest.ts'
import type { RootDetail } from './fields.ts'
import { readStageKind, type StageKind } from './stage-kinds.ts'

/** One objection; `pointer` is a JSON pointer into the experiment's input. */
export interface Objection {
  pointer: string
  message: string
}

export interface CheckedExperiment {
  stageKind: StageKind
  method: string | null
  root: RootDetail | null
}

export type ExperimentCheck =
  | { kind: 'fine'; experiment: CheckedExperiment }
  | { kind: 'objections'; objections: readonly Objection[] }

/** The experiment of a project for runs whose client knows no stages. */
export const UNSTAGED_SLUG = 'unstaged'

/** Shares may miss 1 by this much. */
export const SHARE_TOLERANCE = 0.001

/** Why an experiment may not have this slug; null when it may. */
export function slugObjectionOf(slug: string): string | null {
  if (/^\d+$/.test(slug)) return `The name "${slug}" is all digits and would be read as a number; put a letter into it.`
  if (slug === UNSTAGED_SLUG)
    return `"${UNSTAGED_SLUG}" is where runs land that name no experiment; choose another name.`
  return null
}

/**
 * Checks stage, root, parents and shares. A root is `random_init`, an external base or an API model, never blank; a stage that
 * is no root needs a weight parent (init, adapter_on or merge).
 */
export function checkExperiment(input: {
  slug: string
  stage: string
  method?: string | null | undefined
  root?: RootDetail | null | undefined
  parents: readonly {
    experiment?: number | string | undefined
    checkpoint?: string | undefined
    kind: EdgeKind
    weight?: number | null | undefined
  }[]
  mixture: readonly { share: number }[]
}): ExperimentCheck {
  const objections: Objection[] = []
  const object = (pointer: string, message: string) => void objections.push({ pointer, message })
  const slug = slugObjectionOf(input.slug)
  if (slug) object('', slug)
  const stage = readStageKind(input.stage)
  if (stage.kind === 'unknown') object('/stage', unknownStage(stage.given, stage.known))
  input.parents.forEach((parent, i) => {
    if (parent.experiment === undefined && parent.checkpoint === undefined)
      object(`/parents/${i}`, `Parent ${i} names neither an experiment nor a checkpoint.`)
    if (parent.weight !== undefined && parent.weight !== null && parent.kind !== 'merge')
      object(`/parents/${i}/weight`, `Only a merge has weights; parent ${i} is of kind ${parent.kind}.`)
  })
  const total = input.mixture.reduce((sum, { share }) => sum + share, 0)
  if (input.mixture.length > 0 && Math.abs(total - 1) > SHARE_TOLERANCE + 1e-9)
    object(
      '/mixture',
      `The shares of the data mixture sum to ${rounded(total)}; they must sum to 1 ± ${SHARE_TOLERANCE}.`,
    )
  if (stage.kind === 'known') {
    const objection = checkOrigin(stage.stageKind, input)
    if (objection) objections.push(objection)
  }
  if (stage.kind === 'unknown' || objections.length > 0) return { kind: 'objections', objections }
  return {
    kind: 'fine',
    experiment: { stageKind: stage.stageKind, method: input.method ?? stage.method, root: input.root ?? null },
  }
}

function unknownStage(given: string, known: readonly string[]): string {
  const near = nearest(given, known)
  return `The stage "${given}" is not known.${near ? ` Did you mean "${near}"?` : ''} Known are: ${known.join(', ')}.`
}

function checkOrigin(
  stageKind: StageKind,
  input: { root?: RootDetail | null | undefined; parents: readonly { kind: EdgeKind }[] },
): Objection | null {
  const { root } = input
  const weightParent = input.parents.find(({ kind }) => isWeightEdge(kind))
  if (root && weightParent)
    return {
      pointer: '/root',
      message: `A root has no parent by weights, and this one names one (${weightParent.kind}).`,
    }
  if (stageKind === 'external_base' && root?.kind !== 'external_base' && root?.kind !== 'api_model')
    return {
      pointer: '/root',
      message:
        'An external base says what it is: root {"kind":"external_base","name":…} or {"kind":"api_model","name":…}.',
    }
  if (!root && !weightParent)
    return stageKind === 'pretrain'
      ? { pointer: '/root', message: 'A pretrain stage without parents needs a root, such as {"kind":"random_init"}.' }
      : {
          pointer: '/parents',
          message: `A ${stageKind} stage starts from weights: name a parent of kind init, adapter_on or merge, or a root.`,
        }
  return null
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6
