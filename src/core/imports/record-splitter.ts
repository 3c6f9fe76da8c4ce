/**
 * Cuts a text that comes in pieces into records: JSON lines, or the objects of one JSON array (as older harnesses wrote them). What
 * is kept between pieces is never longer than one record.
 */

export interface RecordSplitter {
  /** Records that the piece completes, in order. */
  push(piece: string): string[]
  /** What was left: the last line without its line feed, or the torn end of a file. */
  end(): string[]
}

/** @param recordMax characters of one record; a longer one is told as `onTooLong` and left out */
export function recordSplitter(recordMax: number, onTooLong: () => void = () => {}): RecordSplitter {
  let form: RecordSplitter | null = null
  let before = ''
  return {
    push(piece) {
      if (form) return form.push(piece)
      before += piece
      const first = before.replace(/^[\ufeff\s]+/, '')
      if (first === '') return []
      form = first.startsWith('[') ? arraySplitter(recordMax, onTooLong) : lineSplitter(recordMax, onTooLong)
      return form.push(first.startsWith('[') ? first.slice(1) : first)
    },
    end: () => form?.end() ?? [],
  }
}

function lineSplitter(recordMax: number, onTooLong: () => void): RecordSplitter {
  let rest = ''
  let skipping = false
  const whole = (line: string): string[] => {
    if (skipping) {
      skipping = false
      return []
    }
    return line.trim() === '' ? [] : [line]
  }
  return {
    push(piece) {
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      if (skipping && lines.length === 0) rest = ''
      if (rest.length > recordMax) {
        if (!skipping || lines.length > 0) onTooLong()
        const done = lines.flatMap(whole)
        skipping = true
        rest = ''
        return done
      }
      return lines.flatMap(whole)
    },
    end: () => whole(rest),
  }
}

function arraySplitter(recordMax: number, onTooLong: () => void): RecordSplitter {
  let depth = 0
  let inText = false
  let escaped = false
  let record = ''
  let tooLong = false
  return {
    push(piece) {
      const records: string[] = []
      let from = 0
      for (let i = 0; i < piece.length; i++) {
        const c = piece[i]
        if (inText) {
          if (escaped) escaped = false
          else if (c === '\\') escaped = true
          else if (c === '"') inText = false
        } else if (c === '"') inText = true
        else if (c === '{' || c === '[') {
          if (depth++ === 0) from = i
        } else if ((c === '}' || c === ']') && depth > 0 && --depth === 0) {
          if (!tooLong) records.push(record + piece.slice(from, i + 1))
          record = ''
          tooLong = false
        }
      }
      if (depth > 0 && !tooLong) record += piece.slice(from)
      if (record.length > recordMax) {
        tooLong = true
        record = ''
        onTooLong()
      }
      return records
    },
    end: () => (depth > 0 && record !== '' ? [record] : []),
  }
}
