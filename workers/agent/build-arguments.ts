import type { ParamValue } from './check-params.ts'
import type { Recipe } from './recipes.ts'

const PLACEHOLDER = /\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/**
 * The command line of a recipe: its template with the checked parameters in place. Each element of the template stays one
 * argument, so no value can begin another. An argument that is only the placeholder of an absent parameter is left out, and so
 * is the option before it.
 *
 * @throws Error when a value would begin an option before `--`
 */
export function buildArguments(recipe: Recipe, params: Readonly<Record<string, ParamValue>>): string[] {
  const built: string[] = []
  let afterDashes = false
  for (const element of recipe.args) {
    const whole = /^\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(element)?.[1]
    if (whole !== undefined && params[whole] === undefined) {
      if (built.at(-1)?.startsWith('--') && built.at(-1) !== '--') built.pop()
      continue
    }
    const argument = element.replace(PLACEHOLDER, (_, name: string) => String(params[name] ?? ''))
    if (whole !== undefined && !afterDashes && typeof params[whole] === 'string' && argument.startsWith('-'))
      throw new Error(`parameter ${whole} begins with "-"`)
    if (element === '--') afterDashes = true
    built.push(argument)
  }
  return built
}
