import { type Target, type TargetCheckpoint, Targets } from '../protocol/imports.ts'
import type { Door } from './call-door.ts'

/** What each name means in a project, by name. */
export async function findTargets(
  door: Door,
  project: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Target>> {
  const wanted = [...new Set(names)]
  const found = new Map<string, Target>()
  for (let at = 0; at < wanted.length; at += 100) {
    const path = `/projects/${encodeURIComponent(project)}/imports/targets`
    const { items } = await door.send('POST', path, { names: wanted.slice(at, at + 100) }, Targets)
    for (const item of items) found.set(item.name, item)
  }
  return found
}

/** A checkpoint as people name it. */
export const nameOf = ({ experiment, step, location }: TargetCheckpoint): string =>
  location ?? `${experiment.slug}@${step}`

/** Why a name leads to no checkpoint, with the way out. */
export function whyNoTarget(project: string, name: string, target: Target | undefined): string {
  if (target?.kind === 'several') {
    const list = target.checkpoints.map((c) => `${c.experiment.slug}@${c.step} (${c.id})`).join(', ')
    return `"${name}" means several checkpoints of ${project}: ${list}. Name one of them with --checkpoint.`
  }
  const near = target?.kind === 'unknown' && target.near.length > 0 ? ` Nearest: ${target.near.join(', ')}.` : ''
  return `No checkpoint of ${project} is called "${name}".${near} Name the checkpoint with --checkpoint (its id, hash, path, or stage@step).`
}
