import os from 'node:os'
import path from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { runAgent } from '#workers/agent/main.ts'

interface AgentFlags {
  server: string
  token?: string
  name?: string
  queue?: string[]
  slots: number
  python: string
  recipes: string
  dataDir: string
  drain: 'finish' | 'release'
}

const wholeNumber = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 256) throw new InvalidArgumentError('A number from 1 to 256.')
  return value
}

/** `descent agent`: takes jobs of a server and runs them on this machine, until SIGTERM or Ctrl-C. */
export function registerAgentCommands(program: Command): void {
  program
    .command('agent')
    .description('Take jobs from queues of a server and run them on this machine')
    .requiredOption('--server <url>', 'the server', process.env.DESCENT_URL)
    .option(
      '--token <token>',
      'registration token, needed once; also DESCENT_AGENT_TOKEN',
      process.env.DESCENT_AGENT_TOKEN,
    )
    .option('--name <name>', 'what the machine is called; its host name when absent')
    .option('--queue <name...>', 'queues to take jobs from; those of the registration when absent')
    .option('--slots <n>', 'jobs at a time', wholeNumber, 2)
    .option('--python <path>', 'the interpreter of the recipes', 'python3')
    .option('--recipes <file>', 'what this machine may run', path.join('workers', 'recipes', 'recipes.yaml'))
    .option('--data-dir <folder>', "the agent's own folder", path.join(os.homedir(), '.descent-agent'))
    .addOption(
      new Option('--drain <policy>', 'at SIGTERM: give running jobs back with a checkpoint, or let them finish')
        .choices(['release', 'finish'])
        .default('release'),
    )
    .action(async (flags: AgentFlags) => {
      const ask = new AbortController()
      const insist = new AbortController()
      const stop = (): void => (ask.signal.aborted ? insist.abort() : ask.abort())
      process.on('SIGTERM', stop)
      process.on('SIGINT', stop)
      await runAgent({
        serverUrl: flags.server,
        dataDir: path.resolve(flags.dataDir),
        registrationToken: flags.token,
        name: flags.name,
        queues: flags.queue,
        slots: flags.slots,
        recipesFile: path.resolve(flags.recipes),
        python: flags.python,
        drain: flags.drain,
        signal: ask.signal,
        hurry: insist.signal,
      })
      // A long poll that was cut off may keep a socket open for a moment.
      process.exit(0)
    })
}
