/** A row that was found a moment ago is not there any more: another request deleted it, or moved it to another project. */
export class GoneMeanwhile extends Error {
  override readonly name = 'GoneMeanwhile'

  constructor(what: string) {
    super(`the ${what} of a proven scope has gone`)
  }
}
