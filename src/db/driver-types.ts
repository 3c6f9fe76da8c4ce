/**
 * How PostgreSQL's types cross the driver. Parameters and results travel as text; `fetch_types` is off, so each array type in use is
 * declared here: a JavaScript array is then an ordinary parameter, and an array column an ordinary result.
 */

/** A 64-bit integer as a number; refuses what a number cannot hold exactly instead of rounding it. */
function parseBigint(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new RangeError(`The integer ${text} from the database is beyond 2^53 and cannot be read exactly.`)
  return value
}

type Nested<T> = T | Nested<T>[]
type ArrayValue = readonly (string | number | boolean | null | ArrayValue)[]

/** PostgreSQL's array literal, as in `{1,"a b",NULL}`. A string is taken for a literal that somebody has made already. */
export function arrayLiteral(value: ArrayValue | string): string {
  if (typeof value === 'string') return value
  return `{${value.map(arrayItem).join(',')}}`
}

function arrayItem(item: ArrayValue[number]): string {
  if (item === null) return 'NULL'
  if (typeof item === 'object') return arrayLiteral(item)
  return typeof item === 'string' ? `"${item.replace(/[\\"]/g, '\\$&')}"` : String(item)
}

/** The elements of an array literal, each through `parse`; NULL becomes null, an inner array an array. */
export function parseArray<T>(literal: string, parse: (text: string) => T): Nested<T | null>[] {
  let at = literal.indexOf('{') + 1 // a lower bound other than 1 stands before it, as in [0:1]={1,2}
  return items()

  function items(): Nested<T | null>[] {
    const found: Nested<T | null>[] = []
    while (at < literal.length) {
      const char = literal[at]
      if (char === '}') {
        at++
        return found
      }
      if (char === '{') {
        at++
        found.push(items())
      } else if (char === ',') at++
      else found.push(char === '"' ? parse(quoted()) : bare())
    }
    return found
  }

  function quoted(): string {
    let text = ''
    for (at++; literal[at] !== '"' && at < literal.length; at++) {
      if (literal[at] === '\\') at++
      text += literal[at]
    }
    at++
    return text
  }

  function bare(): T | null {
    const start = at
    while (at < literal.length && literal[at] !== ',' && literal[at] !== '}') at++
    const text = literal.slice(start, at)
    return text === 'NULL' ? null : parse(text)
  }
}

function arrayType<T>(oid: number, more: number[], parse: (text: string) => T) {
  return {
    to: oid,
    from: [oid, ...more],
    serialize: arrayLiteral,
    parse: (text: string) => parseArray(text, parse),
  }
}

/** The driver's `types` option. The numbers are PostgreSQL's type oids. */
export const driverTypes = {
  bigint: { to: 20, from: [20], serialize: (value: number | bigint | string) => String(value), parse: parseBigint },
  textArray: arrayType(1009, [1015], (text) => text),
  uuidArray: arrayType(2951, [], (text) => text),
  smallintArray: arrayType(1005, [], Number),
  integerArray: arrayType(1007, [], Number),
  bigintArray: arrayType(1016, [], parseBigint),
  realArray: arrayType(1021, [], Number),
  doubleArray: arrayType(1022, [], Number),
  // For results only: the driver takes an array that begins with a boolean for one boolean.
  booleanArray: arrayType(1000, [], (text) => text === 't'),
}

/** What may be passed as a parameter beyond the driver's own types. */
export type DriverValues = {
  bigint: number | bigint
  array: readonly (string | number | boolean | null)[]
}
