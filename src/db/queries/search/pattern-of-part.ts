/** Every character that some other one becomes in lower case, by that other one; made when it is first needed (5 ms). */
let origins: Map<string, string[]> | null = null

function originsOf(lower: string): readonly string[] {
  if (!origins) {
    origins = new Map()
    for (let point = 0; point <= 0x1ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue
      const char = String.fromCodePoint(point)
      const to = char.toLowerCase()
      if (to === char || [...to].length !== 1) continue
      const known = origins.get(to)
      if (known) known.push(char)
      else origins.set(to, [char])
    }
  }
  return origins.get(lower) ?? []
}

/**
 * A pattern for PostgreSQL's `~` that holds where a text contains `part`, whatever the case of either: the same texts as
 * `text.toLowerCase().includes(part.toLowerCase())`, but for characters that become two in lower case.
 */
export const patternOfPart = (part: string): string =>
  [...part.toLowerCase()]
    .map((char) => {
      const same = [char, ...originsOf(char)]
      return same.length === 1 ? entry(char) : `[${same.map(entry).join('')}]`
    })
    .join('')

function entry(char: string): string {
  const point = char.codePointAt(0) ?? 0
  return point > 0xffff ? `\\U${point.toString(16).padStart(8, '0')}` : `\\u${point.toString(16).padStart(4, '0')}`
}
