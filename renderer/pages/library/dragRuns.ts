/** The type of what is dragged from the table of runs. */
export const RUNS_DRAGGED = 'application/x-locallearning-runs'
