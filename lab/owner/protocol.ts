/** Path of the link on an owner's socket; another number is another, incompatible form of commands and frames. */
export const LINK_PATH = '/link/1'

/** Header that asks for work to go on when its caller is gone. */
export const DETACHED_HEADER = 'x-detached'

/** The proof that a caller can read the archive's lock file. */
export const proof = (secret: string): string => `Bearer ${secret}`
