// Keys, agent tokens and sign-in links, minted on the box by `descent admin`.
import { inProject, projectDir } from '../place.mjs'
import { runCommand } from '../run-command.mjs'

const PATTERN = {
  key: /dsc_(?:ing|read|adm)-[A-Za-z0-9]{40}/,
  token: /dsc_reg-[A-Za-z0-9]{40}/,
  link: /https?:\/\/\S+\/sign-in#\S+/,
}

/** @param {'key' | 'token' | 'link'} what what the command prints */
export async function mint(what, args) {
  const { code, output } = await runCommand(process.execPath, [inProject('dist', 'cli.mjs'), 'admin', ...args], {
    cwd: projectDir,
  })
  const found = PATTERN[what].exec(output)?.[0]
  if (code !== 0 || !found)
    throw new Error(`descent admin ${args[0]} ended with ${code}: ${output.trim().split('\n').slice(-3).join('\n')}`)
  return found
}
