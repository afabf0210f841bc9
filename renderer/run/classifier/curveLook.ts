/** How the curves of a run are drawn; the same for all that share the epochs. */
export interface CurveLook {
  x: 'linear' | 'log'
  y: 'linear' | 'log'
  /** Epochs of the moving mean; `1` is off. */
  smoothing: '1' | '5' | '21'
  /** Penalties with or without their strengths. */
  terms: 'weighted' | 'unweighted'
}

export const FIRST_CURVE_LOOK: Readonly<CurveLook> = { x: 'linear', y: 'log', smoothing: '1', terms: 'weighted' }
