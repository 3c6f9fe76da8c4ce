type Params = Readonly<Record<string, string | number | boolean | null>>

/** Parameters of one recipe: later ones win; null takes a parameter away. */
export function mergeParams(...layers: readonly (Params | undefined)[]): Record<string, string | number | boolean> {
  const merged: Record<string, string | number | boolean> = {}
  for (const layer of layers)
    for (const [name, value] of Object.entries(layer ?? {})) {
      if (value === null) delete merged[name]
      else merged[name] = value
    }
  return merged
}
