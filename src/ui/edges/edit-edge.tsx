'use client'
import { later } from '#src/ui/kit/later.tsx'

export const READS_ONLY = 'Your role here can look but not change the lineage.'

/** Corrects an edge, or adds one, in a dialog that is loaded once it is asked for. */
export const EditEdge = later(() => import('./edge-dialog.tsx').then((file) => file.EdgeDialog))
