/** An event stream as the browser has it, and as tabs are handed it. */
export interface NewsSource {
  addEventListener(name: string, take: (event: Event) => void): void
  close(): void
}

/** What streams say; the last three end them. */
const TOLD = ['open', 'news', 'gap', 'error', 'bye', 'end'] as const
const ENDS: readonly string[] = ['error', 'bye', 'end']

/** A browser has six connections to a host: half of them stay free for what pages ask. */
export const SOURCES_MAX = 3
/** A tab that was not heard of for this long is gone. Timers of tabs that are out of sight run once a minute. */
export const SILENT_MS = 150_000

/** A stream that a tab asked for. */
export interface SharedReader {
  url: string
  tell(name: string, data: unknown): void
}

interface Source {
  url: string
  stream: NewsSource
  isOpen: boolean
}

interface Project {
  readers: Set<SharedReader>
  /** The newest last: the one before is kept until the next is open, so that nothing goes by meanwhile. */
  sources: Source[]
}

/**
 * The event streams of all tabs of a browser: one for each project. Tabs that show the same runs share theirs; where they show others,
 * the stream is that of the whole project, of which each tab takes what it shows.
 */
export class StreamSharer {
  readonly #open: (url: string) => NewsSource
  readonly #projects = new Map<string, Project>()

  constructor(open: (url: string) => NewsSource) {
    this.#open = open
  }

  /** Tells a reader what a stream of its own would; `error` at once when too many projects are listened to already. */
  read(reader: SharedReader): void {
    const key = wholeOf(reader.url)
    const project = this.#projects.get(key) ?? { readers: new Set(), sources: [] }
    if (project.sources.length === 0 && this.#projects.size >= SOURCES_MAX) {
      reader.tell('error', null)
      return
    }
    this.#projects.set(key, project)
    project.readers.add(reader)
    const newest = project.sources.at(-1)
    if (newest?.url === reader.url || newest?.url === key) {
      if (newest.isOpen) reader.tell('open', null)
      return
    }
    const isAlone = [...project.readers].every((other) => other.url === reader.url)
    this.#begin(key, project, isAlone ? reader.url : key)
  }

  leave(reader: SharedReader): void {
    const key = wholeOf(reader.url)
    const project = this.#projects.get(key)
    if (!project?.readers.delete(reader) || project.readers.size > 0) return
    this.#end(key, project)
  }

  #begin(key: string, project: Project, url: string): void {
    const source: Source = { url, stream: this.#open(url), isOpen: false }
    project.sources.push(source)
    for (const name of TOLD)
      source.stream.addEventListener(name, (event) => {
        if (!project.sources.includes(source)) return
        if (ENDS.includes(name)) this.#end(key, project, name)
        else if (name === 'open') this.#opened(project, source)
        // Of two that overlap the older is still whole.
        else if (source === project.sources[0]) tellAll(project.readers, name, dataOf(event))
      })
  }

  /** Those that heard the one before hear that it is open too: between two streams they take it for a beginning, and ask once. */
  #opened(project: Project, source: Source): void {
    source.isOpen = true
    const at = project.sources.indexOf(source)
    for (const old of project.sources.splice(0, at)) old.stream.close()
    tellAll(project.readers, 'open', null)
  }

  #end(key: string, project: Project, name?: string): void {
    this.#projects.delete(key)
    for (const { stream } of project.sources.splice(0)) stream.close()
    // Whoever is told that it ended asks again; none is kept.
    const readers = [...project.readers]
    project.readers.clear()
    if (name !== undefined) tellAll(readers, name, null)
  }
}

function tellAll(readers: Iterable<SharedReader>, name: string, data: unknown): void {
  for (const reader of [...readers]) reader.tell(name, data)
}

/** The address of the stream of the whole project. */
function wholeOf(url: string): string {
  const [path, query] = url.split('?')
  const words = new URLSearchParams(query)
  words.delete('runs')
  return `${path}?${words}`
}

const dataOf = (event: Event): unknown => (event instanceof MessageEvent ? event.data : null)
