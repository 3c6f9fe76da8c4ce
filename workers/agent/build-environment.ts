/** The only PATH that a program of a job gets. */
export const SAFE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Variables through which a program can be made to load or run something else; no allow-list lets them through. */
const REFUSED: readonly RegExp[] = [
  /^LD_/,
  /^DYLD_/,
  /^PYTHON.*STARTUP$/,
  /^PYTHON(HOME|INSPECT|BREAKPOINT|USERBASE)$/,
  /^(BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PS4|PROMPT_COMMAND|IFS)$/,
  /^BASH_FUNC_/,
  /^GIT_/,
  /^NODE_OPTIONS$/,
  /^(PERL5OPT|PERL5LIB|RUBYOPT|RUBYLIB)$/,
  /^PATH$/,
  /^DESCENT_/,
]

/** True for a variable that never passes from the agent's environment to a job. */
export const isRefusedVariable = (name: string): boolean => REFUSED.some((pattern) => pattern.test(name))

/** Types of the web framework demand NODE_ENV of every environment; a job has none. */
export const asProcessEnv = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => env as NodeJS.ProcessEnv

/**
 * The environment of a job, from nothing: a fixed PATH, what the recipe's allow-list takes from the agent's own environment, and
 * over it the variables of the contract. No value has a NUL.
 *
 * @param own the agent's environment
 * @param contract DESCENT_* and what the agent decides (threads, devices); undefined values are left out
 */
export function buildEnvironment(
  allowed: readonly string[],
  own: Readonly<Record<string, string | undefined>>,
  contract: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const env: Record<string, string> = { PATH: SAFE_PATH, LANG: 'C.UTF-8' }
  for (const name of allowed) {
    const value = own[name]
    if (value !== undefined && !isRefusedVariable(name)) env[name] = value
  }
  for (const [name, value] of Object.entries(contract))
    if (value !== undefined && !value.includes('\0')) env[name] = value
  return env
}
