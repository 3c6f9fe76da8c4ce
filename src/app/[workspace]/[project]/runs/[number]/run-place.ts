/** Which run a part of the page shows. */
export interface RunPlace {
  workspace: string
  project: string
  number: number
}
