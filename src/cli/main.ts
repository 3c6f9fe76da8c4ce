/** `descent`: the command line. Commands call doors over HTTP, or verbs as the operator on the box. */
import { Command, CommanderError } from 'commander'
import { registerAdmin } from './admin.ts'
import { registerAgentCommands } from './agent.ts'
import { registerExample } from './example.ts'
import { registerExport } from './export.ts'
import { registerImport } from './import.ts'
import { registerLaunch } from './launch.ts'

const program = new Command('descent')
  .description(
    'Tracks how a language model came to be. Start the product with npm start, or see it work with npm run demo.',
  )
  .showHelpAfterError()
  .exitOverride()

registerLaunch(program)
registerExport(program)
registerImport(program)
registerExample(program)
registerAgentCommands(program)
registerAdmin(program)

try {
  await program.parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode)
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
