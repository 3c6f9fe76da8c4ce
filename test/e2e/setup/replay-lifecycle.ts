/** The recorded lifecycle through the real doors, as the demo replays it. */
import type { Door } from './door.ts'

interface Replay {
  replayRecorded: (
    api: {
      put: (path: string, body: unknown) => Promise<unknown>
      post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<unknown>
    },
    project: string,
  ) => Promise<boolean>
}

export async function replayLifecycle(door: Door, project: string): Promise<void> {
  // The scripts are plain JavaScript without types, since nothing is installed when they start.
  const script = new URL('../../../scripts/demo/replay-recorded.mjs', import.meta.url).href
  const { replayRecorded } = (await import(script)) as Replay
  await replayRecorded(
    {
      put: (path, body) => door.send('PUT', path, body),
      post: (path, body, headers) => door.send('POST', path, body, headers),
    },
    project,
  )
}
