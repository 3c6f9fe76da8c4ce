/** Names in the order in which the harness looks for them: an adapter comes with its base, and the adapter is what was measured. */
const NAMES = ['peft', 'delta', 'pretrained', 'model', 'path', 'engine'] as const

/** What a model was called in `model_args`, a text `a=b,c=d` or an object; `base` beside an adapter. Null when it has no name. */
export function modelOfArguments(args: unknown): { name: string; base: string | null; revision: string | null } | null {
  const found = typeof args === 'string' ? ofText(args) : isObject(args) ? args : {}
  const text = (key: string): string | null => {
    const value = found[key]
    return typeof value === 'string' && value !== '' ? value : null
  }
  for (const key of NAMES) {
    const name = text(key)
    if (name === null) continue
    const isAdapter = key === 'peft' || key === 'delta'
    return { name, base: isAdapter ? text('pretrained') : null, revision: isAdapter ? null : text('revision') }
  }
  return null
}

const ofText = (args: string): Record<string, unknown> =>
  Object.fromEntries(
    args.split(',').flatMap((part) => {
      const at = part.indexOf('=')
      return at > 0 ? [[part.slice(0, at).trim(), part.slice(at + 1).trim()]] : []
    }),
  )

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
