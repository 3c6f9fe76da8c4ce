/** What a note in Markdown can be about. */
export const NOTE_SUBJECTS = ['run', 'experiment', 'chart', 'cell'] as const
export type NoteSubject = (typeof NOTE_SUBJECTS)[number]

export const NOTE_CHARACTERS_MAX = 20_000
/** Of a chart or a cell, as its page names it. */
export const NOTE_PLACE_CHARACTERS_MAX = 400

/** Where a note hangs in a project; runs and experiments by the id inside, charts and cells by the name their page gives them. */
export const notePlace = (subject: NoteSubject, name: string | number): string => `${subject}:${name}`
