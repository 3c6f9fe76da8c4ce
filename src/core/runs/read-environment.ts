/** What a client told about where it ran; every member may be missing or of another kind, so each is looked at. */
export interface EnvironmentView {
  host: string | null
  platform: string | null
  python: string | null
  command: string | null
  git: { commit: string; branch: string | null; remote: string | null; dirty: boolean; diff: string | null } | null
  packages: { name: string; version: string }[]
  cpu: string | null
  gpus: string[]
}

type Bag = Readonly<Record<string, unknown>>

const bag = (value: unknown): Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : {}
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)

/** What the environment of a run says of where it ran. */
export function readEnvironment(environment: Bag): EnvironmentView {
  const git = bag(environment.git)
  const commit = text(git.commit)
  const cpu = bag(environment.cpu)
  const count = number(cpu.count)
  const command = environment.command
  return {
    host: text(environment.host),
    platform: text(environment.platform),
    python: text(environment.python),
    command: Array.isArray(command) ? command.map(shellWord).join(' ') : text(command),
    git:
      commit === null
        ? null
        : {
            commit,
            branch: text(git.branch),
            remote: text(git.remote),
            dirty: git.dirty === true,
            diff: text(git.diff),
          },
    packages: Object.entries(bag(environment.packages))
      .map(([name, version]) => ({ name, version: String(version) }))
      .sort((a, b) => a.name.localeCompare(b.name, 'en')),
    cpu:
      count === null
        ? text(cpu.model)
        : [`${count} ${count === 1 ? 'core' : 'cores'}`, text(cpu.model)].filter(Boolean).join(', '),
    gpus: Array.isArray(environment.gpus) ? environment.gpus.flatMap((gpu) => text(bag(gpu).name) ?? []) : [],
  }
}

/** A word as a shell takes it back. */
function shellWord(value: unknown): string {
  const word = String(value)
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
