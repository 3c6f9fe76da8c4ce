/**
 * Regular expressions that cannot run away: literals, `.`, classes, `\d \w \s` and their opposites (ASCII), `^` and `$` for the whole
 * text, groups, `|`, and `* + ? {m,n}`. Nothing looks back or around, so a text is read once, whatever the pattern (Thompson,
 * doi:10.1145/363347.363387). The same tree is matched here and printed for PostgreSQL, so both mean the same.
 */
export type Pattern =
  | { kind: 'set'; negated: boolean; ranges: [number, number][] }
  | { kind: 'start' | 'end' }
  | { kind: 'sequence' | 'either'; parts: Pattern[] }
  | { kind: 'repeat'; part: Pattern; min: number; max: number | null }

/** States of the machine that a pattern may need; `{m,n}` counts m or n times. */
const SIZE_MAX = 1000
const REPEAT_MAX = 100
const DEPTH_MAX = 20

const DIGIT: [number, number][] = [[48, 57]]
const WORD: [number, number][] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]
const BLANK: [number, number][] = [
  [9, 13],
  [32, 32],
]
const CLASSES: Readonly<Record<string, [number, number][]>> = { d: DIGIT, w: WORD, s: BLANK }
const ENTRIES: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13 }
const ANY: Pattern = { kind: 'set', negated: true, ranges: [] }

/** The pattern as a tree; `wrong` is the end of the sentence "Expected …". It never throws. */
export function readPattern(text: string): Pattern | { wrong: string } {
  try {
    const pattern = new PatternReader([...text]).whole()
    if (sizeOf(pattern) > SIZE_MAX) return { wrong: 'a shorter pattern: this one repeats too much inside itself' }
    return pattern
  } catch (cause) {
    if (cause instanceof WrongPattern) return { wrong: cause.message }
    throw cause
  }
}

class WrongPattern extends Error {}

class PatternReader {
  private at = 0
  private readonly chars: readonly string[]

  constructor(chars: readonly string[]) {
    this.chars = chars
  }

  whole(): Pattern {
    const pattern = this.either(0)
    if (this.at < this.chars.length)
      throw new WrongPattern('an opening parenthesis before the closing one in the pattern')
    return pattern
  }

  private either(depth: number): Pattern {
    if (depth > DEPTH_MAX) throw new WrongPattern(`at most ${DEPTH_MAX} groups inside one another`)
    const parts = [this.sequence(depth)]
    while (this.takes('|')) parts.push(this.sequence(depth))
    return parts.length === 1 ? (parts[0] as Pattern) : { kind: 'either', parts }
  }

  private sequence(depth: number): Pattern {
    const parts: Pattern[] = []
    while (this.at < this.chars.length && !this.sees('|') && !this.sees(')')) parts.push(this.repeated(depth))
    return { kind: 'sequence', parts }
  }

  private repeated(depth: number): Pattern {
    const part = this.atom(depth)
    const times = this.times()
    if (times === null) return part
    if (part.kind === 'start' || part.kind === 'end') throw new WrongPattern('something to repeat: ^ and $ are places')
    // Which of the matches is found makes no difference to whether there is one.
    this.takes('?')
    if (this.sees('*') || this.sees('+') || this.sees('?'))
      throw new WrongPattern('one repetition after another thing, not after a repetition')
    return { kind: 'repeat', part, ...times }
  }

  private times(): { min: number; max: number | null } | null {
    if (this.takes('*')) return { min: 0, max: null }
    if (this.takes('+')) return { min: 1, max: null }
    if (this.takes('?')) return { min: 0, max: 1 }
    if (!this.sees('{')) return null
    const close = this.chars.indexOf('}', this.at)
    const parts = close < 0 ? null : /^(\d{1,3})(,(\d{0,3}))?$/.exec(this.chars.slice(this.at + 1, close).join(''))
    if (!parts) throw new WrongPattern('a count such as {2} or {2,5}; write \\{ for the character')
    const min = Number(parts[1])
    const max = parts[2] === undefined ? min : parts[3] === '' ? null : Number(parts[3])
    if (min > REPEAT_MAX || (max ?? 0) > REPEAT_MAX) throw new WrongPattern(`a count of at most ${REPEAT_MAX}`)
    if (max !== null && max < min) throw new WrongPattern('a count whose second number is the larger one')
    this.at = close + 1
    return { min, max }
  }

  private atom(depth: number): Pattern {
    const char = this.next()
    if (char === '^') return { kind: 'start' }
    if (char === '$') return { kind: 'end' }
    if (char === '.') return ANY
    if (char === '[') return this.charClass()
    if (char === '(') return this.group(depth)
    if (char === '*' || char === '+' || char === '?' || char === '{')
      throw new WrongPattern(`something to repeat before ${char}; write \\${char} for the character`)
    if (char !== '\\') return one(char)
    const { negated, ranges } = this.escaped()
    return { kind: 'set', negated, ranges }
  }

  private group(depth: number): Pattern {
    if (this.takes('?')) {
      if (!this.takes(':')) throw new WrongPattern('a plain group: looking ahead or behind and flags are not taken')
    }
    const inner = this.either(depth + 1)
    if (!this.takes(')')) throw new WrongPattern('a closing parenthesis in the pattern')
    return inner
  }

  private escaped(): { negated: boolean; ranges: [number, number][] } {
    if (this.at >= this.chars.length) throw new WrongPattern('a character after the backslash')
    const char = this.next()
    const ranges = CLASSES[char.toLowerCase()]
    if (ranges) return { negated: char !== char.toLowerCase(), ranges }
    const code = ENTRIES[char]
    if (code !== undefined) return { negated: false, ranges: [[code, code]] }
    if (/[A-Za-z0-9]/.test(char))
      throw new WrongPattern(`\\d, \\w, \\s, \\t, \\n, \\r or a sign after the backslash, not ${char}`)
    return { negated: false, ranges: [[pointOf(char), pointOf(char)]] }
  }

  private charClass(): Pattern {
    const negated = this.takes('^')
    const ranges: [number, number][] = []
    let first = true
    while (first || !this.sees(']')) {
      if (this.at >= this.chars.length) throw new WrongPattern('a closing bracket (]) in the pattern')
      const low = this.member()
      first = false
      if (low.length === 1 && low[0]?.[0] === low[0]?.[1] && this.sees('-') && this.chars[this.at + 1] !== ']') {
        this.next()
        if (this.at >= this.chars.length) throw new WrongPattern('a closing bracket (]) in the pattern')
        const high = this.member()
        const [from, to] = [low[0]?.[0] ?? 0, high[0]?.[1] ?? 0]
        if (high.length !== 1 || high[0]?.[0] !== to || to < from)
          throw new WrongPattern('a range from a lower to a higher character, such as a-z')
        ranges.push([from, to])
      } else ranges.push(...low)
    }
    this.next()
    return { kind: 'set', negated, ranges }
  }

  private member(): [number, number][] {
    const char = this.next()
    if (char === '[' && /[:.=]/.test(this.chars[this.at] ?? ''))
      throw new WrongPattern('\\d, \\w or \\s: named classes are not taken')
    if (char !== '\\') return [[pointOf(char), pointOf(char)]]
    const { negated, ranges } = this.escaped()
    if (negated) throw new WrongPattern('\\d, \\w or \\s inside brackets, not their opposites')
    return ranges
  }

  private next(): string {
    const char = this.chars[this.at] ?? ''
    this.at++
    return char
  }
  private sees(char: string): boolean {
    return this.chars[this.at] === char
  }
  private takes(char: string): boolean {
    if (!this.sees(char)) return false
    this.at++
    return true
  }
}

const pointOf = (char: string): number => char.codePointAt(0) ?? 0
const one = (char: string): Pattern => ({ kind: 'set', negated: false, ranges: [[pointOf(char), pointOf(char)]] })

function sizeOf(pattern: Pattern): number {
  switch (pattern.kind) {
    case 'sequence':
    case 'either':
      return pattern.parts.reduce((sum, part) => sum + sizeOf(part), 1)
    case 'repeat':
      return 1 + sizeOf(pattern.part) * Math.max(1, pattern.max ?? pattern.min + 1)
    default:
      return 1
  }
}

/** The pattern for PostgreSQL's `~` (advanced regular expressions): every character by its number, no captures, nothing to look at. */
export function patternForPostgres(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'start':
      return '^'
    case 'end':
      return '$'
    case 'sequence':
      return pattern.parts.map(patternForPostgres).join('')
    case 'either':
      return `(?:${pattern.parts.map(patternForPostgres).join('|')})`
    case 'repeat': {
      const { min, max } = pattern
      const times = max === null && min < 2 ? (min === 0 ? '*' : '+') : `{${min},${max ?? ''}}`
      return `(?:${patternForPostgres(pattern.part)})${times}`
    }
    case 'set': {
      if (pattern.ranges.length === 0) return '.'
      const inner = pattern.ranges
        .map(([from, to]) => (from === to ? entry(from) : `${entry(from)}-${entry(to)}`))
        .join('')
      return `[${pattern.negated ? '^' : ''}${inner}]`
    }
  }
}

const entry = (point: number): string =>
  point > 0xffff ? `\\U${point.toString(16).padStart(8, '0')}` : `\\u${point.toString(16).padStart(4, '0')}`

/**
 * A function that says whether the pattern occurs anywhere in a text. One pass over the text; the machine is made as texts need it
 * and thrown away when it grows over a bound.
 */
export function patternTest(pattern: Pattern): (text: string) => boolean {
  const nodes: Node[] = []
  const start = build(pattern, nodes, add(nodes, { kind: 'found' }))
  let known = new Map<string, Stop>()

  const stopOf = (seeds: readonly number[], atStart: boolean): Stop => {
    const reached = closure(nodes, seeds, atStart, false)
    const key = `${atStart}${[...reached].join()}`
    const before = known.get(key)
    if (before) return before
    if (known.size > STOPS_MAX) known = new Map()
    const stop: Stop = {
      reached: [...reached],
      found: reached.has(0),
      foundAtEnd: closure(nodes, [...reached], atStart, true).has(0),
      next: new Map(),
    }
    known.set(key, stop)
    return stop
  }

  return (text) => {
    let stop = stopOf([start], true)
    for (const char of text) {
      if (stop.found) return true
      const point = pointOf(char)
      let next = stop.next.get(point)
      if (!next) {
        const seeds = [start]
        for (const at of stop.reached) {
          const node = nodes[at]
          if (node?.kind === 'set' && holds(node, point)) seeds.push(node.next)
        }
        next = stopOf(seeds, false)
        if (stop.next.size < STOPS_MAX) stop.next.set(point, next)
      }
      stop = next
    }
    return stop.found || stop.foundAtEnd
  }
}

const STOPS_MAX = 500

type Node =
  | { kind: 'found' }
  | { kind: 'set'; negated: boolean; ranges: [number, number][]; next: number }
  | { kind: 'start' | 'end'; next: number }
  | { kind: 'fork'; nexts: number[] }

/** What can be matched next after some text, as one state of the machine. */
interface Stop {
  reached: number[]
  found: boolean
  foundAtEnd: boolean
  next: Map<number, Stop>
}

function add(nodes: Node[], node: Node): number {
  nodes.push(node)
  return nodes.length - 1
}

/** Adds the machine of `pattern` before the node `next`; gives its first node. */
function build(pattern: Pattern, nodes: Node[], next: number): number {
  switch (pattern.kind) {
    case 'set':
      return add(nodes, { ...pattern, next })
    case 'start':
    case 'end':
      return add(nodes, { kind: pattern.kind, next })
    case 'sequence':
      return pattern.parts.reduceRight((after, part) => build(part, nodes, after), next)
    case 'either':
      return add(nodes, { kind: 'fork', nexts: pattern.parts.map((part) => build(part, nodes, next)) })
    case 'repeat': {
      let after = next
      if (pattern.max === null) {
        const fork: Node = { kind: 'fork', nexts: [next] }
        after = add(nodes, fork)
        fork.nexts.push(build(pattern.part, nodes, after))
      } else
        for (let i = pattern.min; i < pattern.max; i++)
          after = add(nodes, { kind: 'fork', nexts: [next, build(pattern.part, nodes, after)] })
      for (let i = 0; i < pattern.min; i++) after = build(pattern.part, nodes, after)
      return after
    }
  }
}

function closure(nodes: readonly Node[], seeds: readonly number[], atStart: boolean, atEnd: boolean): Set<number> {
  const reached = new Set<number>()
  const open = [...seeds]
  while (open.length > 0) {
    const at = open.pop() ?? 0
    if (reached.has(at)) continue
    reached.add(at)
    const node = nodes[at]
    if (node?.kind === 'fork') open.push(...node.nexts)
    else if (node?.kind === 'start' && atStart) open.push(node.next)
    else if (node?.kind === 'end' && atEnd) open.push(node.next)
  }
  return reached
}

function holds(set: { negated: boolean; ranges: [number, number][] }, point: number): boolean {
  return set.ranges.some(([from, to]) => point >= from && point <= to) !== set.negated
}
