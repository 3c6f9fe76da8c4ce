import fs from 'node:fs/promises'
import path from 'node:path'
import { LineageFile, LineageImported } from '../protocol/lineage-file.ts'
import type { Door } from './call-door.ts'

/**
 * Sends a lineage file to a project.
 *
 * @throws Error naming each place of the file that is wrong; DoorRefusal
 */
export async function importLineage(
  file: string,
  { door, project, dryRun }: { door: Door; project: string; dryRun: boolean },
): Promise<{ told: string; answer: LineageImported | null }> {
  const lineage = await readLineage(file)
  if (dryRun)
    return {
      told: `${path.basename(file)} holds ${Object.keys(lineage.stages).length} stages; nothing was sent.`,
      answer: null,
    }
  const query = new URLSearchParams({ file: path.basename(file).slice(0, 200) })
  const answer = await door.send(
    'POST',
    `/projects/${encodeURIComponent(project)}/imports/lineage?${query}`,
    lineage,
    LineageImported,
  )
  return { told: tellImported(answer), answer }
}

/** One sentence of what was made and what was there. */
export function tellImported({ stages, checkpoints, scores, kept, url }: LineageImported): string {
  const counts = [
    [stages, 'stage'],
    [checkpoints, 'checkpoint'],
    [scores, 'score'],
  ] as const
  const made = counts.map(([{ made: n }, word]) => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`).join(', ')
  const there = stages.there + checkpoints.there + scores.there
  const stayed = kept.length > 0 ? ` Stages that were there stay as they are: ${kept.join(', ')}.` : ''
  return `${made} made${there > 0 ? `, ${there.toLocaleString('en')} were there already` : ''}: ${url}${stayed}`
}

async function readLineage(file: string): Promise<LineageFile> {
  const text = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${error.message}`)
  })
  const parsed = LineageFile.safeParse(parseJson(text, file))
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues
    .slice(0, 20)
    .map((issue) => `  /${issue.path.map(String).join('/')}: ${issue.message}`)
  throw new Error([`${file} is no lineage file (docs/import.md says what one holds).`, ...issues].join('\n'))
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${file} is no JSON (${(error as Error).message}).`)
  }
}
