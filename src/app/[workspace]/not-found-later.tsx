'use client'
import { later } from '#src/ui/kit/later.tsx'

/** It stands beside every page of a workspace, so it comes when something is not found. */
export const NotFoundForMembers = later(() =>
  import('./not-found-for-members.tsx').then((file) => file.NotFoundForMembers),
)
