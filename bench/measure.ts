import { availableParallelism } from 'node:os'
import { startOurs, startPeer, type Peer, type PeerWay, type Runner } from './processes.js'
import { STAGES, type Sizes, type StageName } from './stages/index.js'

/** One line of the table. */
export interface Measured {
  stage: StageName
  executor: string
  oursMs: number
  peerMs: number | null
  limitMs: number | null
  ratioToPeer: number | null
  ratioToLimit: number | null
  rssMb: number
}

/** What else there is to say of it. */
export interface Remarks {
  oursMinMs: number
  peerMinMs: number | null
  peerRssMb: number | null
  /** How the peer computed it. */
  peer: string | null
  versions: Record<string, string>
  note: string | null
  /** An epoch beside as many steps on a batch that is there. */
  ratioToSteps: number | null
  gemmTimes: number[]
}

export const median = (values: readonly number[]): number => {
  const sorted = values.slice().sort((a, b) => a - b)
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? NaN)) / 2
  )
}

/** The kernels of OpenBLAS: its own choice, and the best for processors that an old build does not know. */
const ENVIRONMENTS: readonly Record<string, string>[] = [{}, { OPENBLAS_CORETYPE: 'SkylakeX' }]

interface Chosen {
  peer: Peer
  way: PeerWay
  label: string
}

/** Tries every way, thread count and environment of the peer; the fastest is kept. */
async function fastestPeer(python: string, stage: StageName, sizes: object, quick: boolean): Promise<Chosen | null> {
  const tried: (Chosen & { ms: number })[] = []
  for (const environment of quick ? ENVIRONMENTS.slice(0, 1) : ENVIRONMENTS) {
    if (tried.some(({ peer }) => !peer.openBlas)) break
    const peer = await startPeer(python, stage, sizes, environment)
    if (peer === null) return null
    for (const way of peer.ways) {
      for (const threads of new Set([
        availableParallelism(),
        ...(quick || STAGES[stage].stage.stretch === 1 ? [] : [1]),
      ])) {
        const { times } = await peer.time({ way, threads }, STAGES[stage].stage.stretch === 1 ? 1 : 3)
        const label = [
          way,
          `${threads} threads`,
          ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
        ].join(', ')
        tried.push({ peer, way: { way, threads }, label, ms: Math.min(...times) })
      }
    }
  }
  const [best] = tried.sort((a, b) => a.ms - b.ms)
  for (const { peer } of tried) if (peer !== best?.peer) peer.stop()
  return best ?? null
}

/**
 * Measures one stage: ours, the product that limits it and the peer take turns, so that drift of the machine cancels.
 *
 * @param limit - the process that computes the product alone
 * @param rounds - turns of each
 */
export async function measure(
  stage: StageName,
  options: {
    sizes: Sizes
    executor: string
    python: string
    archive: string | null
    limit: Runner
    rounds: number
    quick: boolean
  },
): Promise<Measured & Remarks> {
  const { sizes, python, limit, rounds, quick } = options
  const { operations, stretch } = STAGES[stage].stage
  const chosen = await fastestPeer(python, stage, { ...sizes, archive: options.archive }, quick)
  const ours = await startOurs(stage, sizes, options.executor)
  // The first step of a stretch finds cold caches and sleeping threads.
  const uncounted = stretch === 1 ? 0 : 1
  const take = (times: readonly number[]): readonly number[] => times.slice(uncounted)
  try {
    const warm = await ours.time(1)
    const turns = { ours: [] as number[], beside: [] as number[], peer: [] as number[], limit: [] as number[] }
    let [rssMb, peerRssMb] = [warm.rssMb, 0]
    for (let round = 0; round < rounds; round++) {
      const mine = await ours.time(stretch + uncounted)
      turns.ours.push(...take(mine.times))
      turns.beside.push(...mine.beside)
      rssMb = mine.rssMb
      turns.limit.push(...(await limit.time(4)).times.slice(1))
      if (chosen === null) continue
      const theirs = await chosen.peer.time(chosen.way, stretch + uncounted)
      turns.peer.push(...take(theirs.times))
      peerRssMb = theirs.rssMb
    }
    const oursMs = median(turns.ours)
    const peerMs = chosen === null ? null : median(turns.peer)
    const needed = operations(sizes)
    const limitMs =
      needed === null ? null : (median(turns.limit) * needed) / (STAGES.gemm.stage.operations(sizes) ?? NaN)
    return {
      stage,
      executor: ours.executor,
      oursMs,
      peerMs,
      limitMs,
      ratioToPeer: peerMs === null ? null : oursMs / peerMs,
      ratioToLimit: limitMs === null ? null : oursMs / limitMs,
      rssMb,
      oursMinMs: Math.min(...turns.ours),
      peerMinMs: chosen === null ? null : Math.min(...turns.peer),
      peerRssMb: chosen === null ? null : peerRssMb,
      peer: chosen?.label ?? null,
      versions: chosen?.peer.versions ?? {},
      note: ours.note,
      gemmTimes: turns.limit,
      ratioToSteps:
        turns.beside.length === 0 ? null : median(turns.ours.map((ms, index) => ms / (turns.beside[index] ?? NaN))),
    }
  } finally {
    ours.stop()
    chosen?.peer.stop()
  }
}
