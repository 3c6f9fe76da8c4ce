import { type Command, Option } from 'commander'
import { openDoor } from './call-door.ts'
import { importLineage } from './import-lineage.ts'
import { importLmEval } from './import-lm-eval.ts'
import { type FileReport, tellReport } from './import-report.ts'
import { importScores } from './import-scores.ts'

interface PlaceOptions {
  server: string
  project: string
  dryRun?: boolean
  json?: boolean
}

interface ScoresOptions extends PlaceOptions {
  checkpoint?: string
}

/** Adds `descent import …`: scores and lineages that lie in files. The key is read from DESCENT_API_KEY. */
export function registerImport(program: Command): void {
  const imports = program.command('import').description('bring in what lies in files; a second import changes nothing')

  withPlace(imports.command('lm-eval <path>'))
    .description('results and samples of lm-evaluation-harness (0.4, 0.3): a results file, or a folder of them')
    .option('--checkpoint <name>', 'the checkpoint: id, hash, path or stage@step; by the model’s name when absent')
    .action(async (path: string, options: ScoresOptions) => {
      const door = openDoor(options.server, { to: 'write evaluations', scope: 'ingest' })
      const { project, checkpoint, dryRun = false } = options
      tell(await importLmEval(path, { door, project, checkpoint, dryRun }), options)
    })

  withPlace(imports.command('scores <file>'))
    .description('a table of scores: CSV with a head, or JSON lines; docs/import.md lists the columns')
    .option('--checkpoint <name>', 'the checkpoint of rows that name none: id, hash, path or stage@step')
    .option('--make-bases', 'make an external base for each checkpoint that the project does not know')
    .action(async (file: string, options: ScoresOptions & { makeBases?: boolean }) => {
      const door = openDoor(options.server, { to: 'write evaluations', scope: 'ingest' })
      const { project, checkpoint, makeBases = false, dryRun = false } = options
      tell([await importScores(file, { door, project, checkpoint, makeBases, dryRun })], options)
    })

  withPlace(imports.command('lineage <file>'))
    .description('stages, checkpoints and scores of a lineage file (JSON); the project is made when it is not there')
    .action(async (file: string, { server, project, dryRun = false, json }: PlaceOptions) => {
      const door = openDoor(server, { to: 'write experiments and evaluations', scope: 'ingest' })
      const { told, answer } = await importLineage(file, { door, project, dryRun })
      console.log(json && answer ? JSON.stringify(answer) : told)
    })
}

/** Where to, and how it is told: alike for all imports. */
const withPlace = (command: Command): Command =>
  command
    .addOption(
      new Option('--server <url>', 'address of the server').default(process.env.DESCENT_URL ?? 'http://127.0.0.1:7070'),
    )
    .requiredOption('--project <slug>', 'the project', process.env.DESCENT_PROJECT)
    .option('--dry-run', 'say what would be written, and write nothing')
    .option('--json', 'print the report as one line of JSON')

/** @throws Error when a file leads to no checkpoint, after all that was done is told */
function tell(reports: readonly FileReport[], { json, dryRun = false }: { json?: boolean; dryRun?: boolean }): void {
  if (json) console.log(JSON.stringify({ dry_run: dryRun, files: reports }))
  else for (const report of reports) for (const line of tellReport(report, dryRun)) console.log(line)
  const unplaced = reports.filter((report) => report.unplaced !== null).length
  if (unplaced > 0) throw new Error(`${unplaced} of ${reports.length} files could not be placed.`)
}
