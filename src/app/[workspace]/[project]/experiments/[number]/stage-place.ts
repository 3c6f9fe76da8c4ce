/** Which stage a part of the page shows. */
export interface StagePlace {
  workspace: string
  project: string
  number: number
}
