/** The verdict of section 2.8 in numbers and words. */
export interface ConvergenceVerdict {
  /** Both criteria of the original hold and the layer is not flat. */
  passed: boolean
  unconvergedFraction: number
  unconvergedUnits: number
  lowMeanUnits: number
  flatFraction: number
  /** One to three sentences for a person. */
  text: string
}
