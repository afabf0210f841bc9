/** The device that computes. */
export interface ComputeDevice {
  kind: 'processor' | 'graphics'
  /** Name of the processor or adapter; null when it is not known. */
  name: string | null
  memoryBytes: number | null
}

/** `NVIDIA H100 80GB HBM3, 80 GiB`: a device as screens and logs name it, with its memory where it is known. */
export function deviceText({ kind, name, memoryBytes }: ComputeDevice): string {
  const known = name ?? (kind === 'graphics' ? 'the default adapter' : 'the CPU')
  return memoryBytes === null ? known : `${known}, ${Math.max(1, Math.round(memoryBytes / 2 ** 30))} GiB`
}
