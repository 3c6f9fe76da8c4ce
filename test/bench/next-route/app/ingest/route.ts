import { bareAnswer } from '../../../bare-answer.ts'

/** The bare handler where a Next application would have it. */
export async function POST(request: Request): Promise<Response> {
  const body = Buffer.from(await request.arrayBuffer())
  return Response.json(bareAnswer(body, Number(request.headers.get('x-seq'))))
}
