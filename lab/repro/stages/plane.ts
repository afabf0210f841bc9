import { DATASETS, type PlaneRequest, type PlaneResult } from '../../../contract/index.js'
import { writeTorchFile } from '../../formats/torchFile.js'
import { hashOf } from '../../files/hash.js'
import { planeSeconds } from '../costs.js'
import { SHOWN_MODELS, type ReproPlan } from '../plan.js'
import { doStep, entryOf, jobOf, keepFile } from '../step.js'
import { planeKey } from '../keys.js'
import type { ReproStage } from './names.js'
import type { ReproStageOf } from './stage.js'

/** The image of the plan, or one of the test images that follows from the seed. */
function imageOf({ plane, seed, layer }: ReproPlan): number {
  return (
    plane.image ??
    parseInt(hashOf({ purpose: 'plane image', seed }).slice(0, 8), 16) % DATASETS[layer.dataset.kind].testImages
  )
}

function requestOf(plan: ReproPlan): Omit<PlaneRequest, 'models'> {
  const { extent, size } = plan.plane
  return {
    dataset: plan.layer.dataset,
    split: 'test',
    imageNorm: null,
    executor: plan.layer.executor,
    plane: { kind: 'random', image: imageOf(plan), seed: plan.seed },
    first: [-extent, extent],
    second: [-extent, extent],
    size,
    jacobian: 'corrected',
    ticket: null,
  }
}

/** Image and directions as the original keeps them, so that all models share the plane. */
function planeFile({ geometry: { shape, origin, u, v }, request: { plane } }: PlaneResult): Uint8Array {
  const tensor = (data: Float32Array) => ({ kind: 'tensor' as const, shape: [...shape], data })
  return writeTorchFile({
    kind: 'dict',
    entries: [
      ['index', 'image' in plane ? plane.image : 0],
      ['image', tensor(origin)],
      ['u', tensor(u)],
      ['v', tensor(v)],
    ],
  })
}

/** Classes, confidence and Jacobian norm of the five models on one random plane: `models/random_plane.pty` holds it. */
export const plane: ReproStageOf<ReproStage> = {
  needs: ['train'],
  steps: (plan) => [
    ...SHOWN_MODELS.map((model) => ({ key: planeKey(model), seconds: planeSeconds(plan, model) })),
    { key: 'plane', seconds: 0.1 },
  ],
  run: async (context) => {
    const { lab, plan, signal } = context
    const request = requestOf(plan)
    for (const model of SHOWN_MODELS) {
      await doStep(context, {
        key: planeKey(model),
        label: `Plane of ${model}`,
        inputs: { request, model: entryOf(context, `train/${model}`).output },
        isThere: (id) =>
          lab.call('plane.get', { id: id ?? '' }).then(
            () => true,
            () => false,
          ),
        make: async () => {
          const { id, maps } = await lab.call(
            'plane.compute',
            { ...request, models: [{ model: jobOf(context, `train/${model}`), label: model }] },
            { signal },
          )
          return {
            job: id,
            files: [],
            output: hashOf(maps.map(({ labels, confidence, jacobianNorm }) => [labels, confidence, jacobianNorm])),
          }
        },
      })
    }
    await doStep(context, {
      key: 'plane',
      label: 'The plane',
      inputs: { request },
      make: async () => ({
        job: null,
        files: [
          await keepFile(
            context,
            'models/random_plane.pty',
            planeFile(await lab.call('plane.get', { id: jobOf(context, planeKey('KH')) })),
          ),
        ],
      }),
    })
  },
}
