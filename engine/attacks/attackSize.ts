/** A size of the sweep: its value and its place in the grid, by which random numbers are keyed. */
export interface AttackSize {
  epsilon: number
  index: number
  /** The size that will be asked for after this one, so that what it needs can be prepared. */
  next?: Omit<AttackSize, 'next'>
}
