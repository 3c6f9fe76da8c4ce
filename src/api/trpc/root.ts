import { router } from './procedures.ts'

/** What the browser can call; one router file per room. */
export const appRouter = router({})

export type AppRouter = typeof appRouter
