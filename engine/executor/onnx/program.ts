import { Tensor, type InferenceSession, type OnnxValue } from 'onnxruntime-node'
import { LabError } from '../../../contract/index.js'
import type { NamedType } from '../trace/node.js'
import type { TracedProgram } from '../trace/trace.js'
import type { ElementType } from '../trace/value.js'
import { checkLeaves, mapTree, type HostArray } from '../tree.js'
import { onnxModel } from './model.js'
import { onnxError, openSession, type SessionOptions } from './session.js'

/** A traced program with its sessions open. */
export interface OnnxProgram {
  /**
   * @param into - arrays that receive outputs, by path
   * @returns the function's output as host numbers
   */
  run(feeds: ReadonlyMap<string, HostArray>, into?: ReadonlyMap<string, HostArray>): Promise<unknown>
  dispose(): Promise<void>
}

interface OpenStage {
  session: InferenceSession
  inputs: readonly string[]
  outputs: readonly string[]
}

const numbered = (shape: readonly (number | string)[]): number[] => shape.map(Number)

/** Reads and writes the array itself, without a copy. */
const wrap = (type: ElementType, { data, shape }: HostArray): Tensor =>
  new Tensor(type, data as Float32Array, [...shape]) as Tensor

/**
 * Opens the sessions of a program. Stages that add rows run on one thread of the processor, whatever the provider, so that every
 * program gives the same bytes each time.
 */
export async function openProgram(traced: TracedProgram, options: SessionOptions): Promise<OnnxProgram> {
  const stages: OpenStage[] = []
  const dispose = async (): Promise<void> => {
    for (const { session } of stages.splice(0)) await session.release()
  }
  try {
    for (const { serial, graph } of traced.stages) {
      const session = await openSession(onnxModel(graph), serial ? { provider: 'cpu', threads: 1 } : options)
      stages.push({
        session,
        inputs: graph.inputs.map(({ name }) => name),
        outputs: graph.outputs.map(({ name }) => name),
      })
    }
  } catch (error) {
    await dispose()
    throw error
  }

  const run = async (
    feeds: ReadonlyMap<string, HostArray>,
    into?: ReadonlyMap<string, HostArray>,
  ): Promise<unknown> => {
    checkLeaves(traced.inputs, feeds)
    const values = new Map<string, OnnxValue>(
      [...feeds].map(([path, array]) => [path, wrap(traced.inputs.get(path)?.type ?? 'float32', array)]),
    )
    const given = new Map(
      [...traced.outputs].flatMap(([path, { name, type }]) => {
        const array = into?.get(path)
        return array === undefined ? [] : [[name, wrap(type, array)] as const]
      }),
    )
    try {
      for (const { session, inputs, outputs } of stages) {
        const fed = Object.fromEntries(
          inputs.flatMap((name) => {
            const value = values.get(name)
            return value === undefined ? [] : [[name, value]]
          }),
        )
        const made = await session.run(fed, Object.fromEntries(outputs.map((name) => [name, given.get(name) ?? null])))
        for (const [name, value] of Object.entries(made)) values.set(name, value)
      }
    } catch (error) {
      throw onnxError(error, 'an ONNX Runtime program')
    }
    return mapTree(traced.outputTree, (path): HostArray => {
      const { name, shape } = traced.outputs.get(path) as NamedType
      const value = values.get(name)
      if (value === undefined) throw new LabError('executor.failed', `ONNX Runtime returned no output ${path}`)
      return into?.get(path) ?? { data: (value as Tensor).data as Float32Array, shape: numbered(shape) }
    })
  }
  return { run, dispose }
}
