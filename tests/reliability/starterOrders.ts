/** Messages of owners.ts to a starter. */
export type StarterOrder =
  { kind: 'start'; folder: string; atMs: number; takeOver: boolean } | { kind: 'confirm' } | { kind: 'release' }

/** What a starter answers. */
export type StarterAnswer =
  | { kind: 'ready' }
  | { kind: 'started'; owner: boolean; error: string | null }
  | { kind: 'confirmed'; owner: boolean }
  | { kind: 'released' }

/** Short times, so that a thousand starts take minutes: the rules are the same. */
export const OWNERS_TIMING = { beatMs: 50, leaseMs: 1000, confirmedMs: 100, graceMs: 150 }

/** Milliseconds since 1970, the same for all processes of a machine. */
export const commonNow = (): number => performance.timeOrigin + performance.now()
