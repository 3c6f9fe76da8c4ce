/** Requests of the machine door as code that runs as it stands. */

const addressOf = (origin: string, path: string, query: Readonly<Record<string, string>>): string => {
  const search = new URLSearchParams(query).toString()
  return `${origin}/api/v1${path}${search === '' ? '' : `?${search}`}`
}

/** One line for a POSIX shell; the key is read from DESCENT_API_KEY. `path` is below /api/v1, encoded. */
export const shellRequest = (origin: string, path: string, query: Readonly<Record<string, string>>): string =>
  `curl -H "Authorization: Bearer $DESCENT_API_KEY" '${addressOf(origin, path, query).replaceAll("'", '%27')}'`

/** Python 3 with its standard library alone; `answer` is what the door sent. */
export const pythonRequest = (origin: string, path: string, query: Readonly<Record<string, string>>): string =>
  [
    'import json, os, urllib.request',
    '',
    'request = urllib.request.Request(',
    `    ${JSON.stringify(addressOf(origin, path, query))},`,
    '    headers={"Authorization": f"Bearer {os.environ[\'DESCENT_API_KEY\']}"},',
    ')',
    'with urllib.request.urlopen(request) as reply:',
    '    answer = json.load(reply)',
  ].join('\n')
