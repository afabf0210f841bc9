import type { PlaneAgreement, PlaneMap } from '../../../contract/index.js'

/** A map of two classes with a straight edge at ε = 0.5 of -reach to reach: softmax 1/2 ± (ε - 0.5)/10; the Jacobian norm is the row's number. */
export function halves(size: number, reach: number): PlaneMap {
  const points = Array.from({ length: size * size }, (_, point) => point)
  const lean = (point: number): number => (-reach + (2 * reach * (point % size)) / (size - 1) - 0.5) / 10
  return {
    model: { model: 'kh', label: 'KH', hash: 'ab', imageNorm: 3 },
    probabilities: Float32Array.from(points.flatMap((point) => [0.5 - lean(point), 0.5 + lean(point)])),
    labels: Uint8Array.from(points, (point) => (lean(point) > 0 ? 1 : 0)),
    confidence: Float32Array.from(points, (point) => 0.5 + Math.abs(lean(point))),
    jacobianNorm: Float32Array.from(points, (point) => Math.floor(point / size)),
    jacobianRange: [0, size - 1],
    classShares: Float64Array.of(0.6, 0.4),
  }
}

/** Agreement of maps that are the same everywhere. */
export const regionAgreementOf = (maps: readonly PlaneMap[]): PlaneAgreement[] =>
  maps.flatMap((a, index) =>
    maps.slice(index + 1).map((b): PlaneAgreement => ({
      a: a.model.label,
      b: b.model.label,
      agreement: 1,
      intersectionOverUnion: Float64Array.of(1, 1),
      meanIntersectionOverUnion: 1,
    })),
  )
