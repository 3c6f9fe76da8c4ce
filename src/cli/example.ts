import type { Command } from 'commander'
import { EXAMPLES, ExampleName, Examples } from '../protocol/examples.ts'
import { LineageImported } from '../protocol/lineage-file.ts'
import { openDoor } from './call-door.ts'
import { tellImported } from './import-lineage.ts'

interface LoadOptions {
  server: string
  project?: string
  json?: boolean
}

const SERVER = ['--server <url>', 'address of the server', process.env.DESCENT_URL ?? 'http://127.0.0.1:7070'] as const
const NEED = { to: 'make projects and write evaluations', scope: 'ingest' }

/** Adds `descent example …`: built-in lineages to look at. */
export function registerExample(program: Command): void {
  const example = program
    .command('example')
    .description('built-in example lineages, each number marked with its source')

  example
    .command('list')
    .description('what there is')
    .option(...SERVER)
    .action(async ({ server }: { server: string }) => {
      const { items } = await openDoor(server, NEED).get('/examples', Examples)
      for (const { name, title, description } of items) console.log(`${name}: ${title}. ${description}`)
    })

  example
    .command('load <name>')
    .description(`load an example (${EXAMPLES.join(', ')}) into a project of its own; loading it again changes nothing`)
    .option(...SERVER)
    .option('--project <slug>', 'the project to make; the example’s name when absent')
    .option('--json', 'print the answer as one line of JSON')
    .action(async (name: string, { server, project, json }: LoadOptions) => {
      const known = ExampleName.safeParse(name)
      if (!known.success) throw new Error(`There is no example "${name}". There are: ${EXAMPLES.join(', ')}.`)
      const body = project === undefined ? {} : { project }
      const answer = await openDoor(server, NEED).send('POST', `/examples/${known.data}`, body, LineageImported)
      console.log(json ? JSON.stringify(answer) : tellImported(answer))
    })
}
