/** `r-` and hexadecimal digits: `r-7f21c4a0`. */
export type RunId = string
