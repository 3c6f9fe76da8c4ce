import { createHash } from 'node:crypto'
import type { Door } from './door.ts'

/** Sends a file of a run, with the key and step of a medium. */
export async function sendFile(
  door: Door,
  run: string,
  name: string,
  text: string,
  about: Record<string, unknown>,
): Promise<void> {
  const bytes = Buffer.from(text)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const answer = await door.send<{ status: string; upload?: { id: string } }>('POST', `/runs/${run}/artifacts`, {
    name,
    size: bytes.length,
    sha256,
    ...about,
  })
  if (!answer.upload) return
  await door.sendBytes(`/uploads/${answer.upload.id}/parts/1`, bytes)
  await door.send('POST', `/uploads/${answer.upload.id}/complete`, {})
}
