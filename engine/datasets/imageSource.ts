import type { DatasetSplit } from '../../contract/index.js'

/**
 * Images with what learning needs to know of them. Files keep their bytes (uint8); noise is generated image by image,
 * so no source ever holds a set as floats.
 */
export interface ImageSource {
  /** Height, width, channels. */
  readonly shape: readonly [height: number, width: number, channels: number]
  readonly count: number
  /** One class number per image. */
  readonly labels: Uint8Array
  /** Whether learning scales every image to unit Lp norm first (section 1.2); noise is taken as it is. */
  readonly normalised: boolean
  /** sha256 of the files by name, or a line that determines a generated set. */
  readonly identity: Record<string, string>
  /**
   * Writes the raw values of one image, channel-last (index = (y * width + x) * channels + channel), 0..255 for files.
   *
   * @param index - image number, 0 .. count-1
   * @param target - receives height * width * channels values from `offset` on
   */
  read(index: number, target: Float32Array, offset: number): void
  /** The raw values of one image where they lie in memory as uint8; absent for sets that are not whole numbers. */
  bytes?(index: number): Uint8Array
  /** One image as uint8 for the screen; noise is scaled so that ±3 standard deviations fill the range. */
  display(index: number, target: Uint8Array, offset: number): void
}

/** Makes images of the files of one split by name. @param identity - sha256 by file name. @param limit - number of images; all when null */
export type FileReader = (
  files: ReadonlyMap<string, Uint8Array>,
  identity: Record<string, string>,
  limit: number | null,
) => ImageSource

/** Generates the images of one split. */
export type ImageGenerator<Spec> = (spec: Spec, split: DatasetSplit) => ImageSource
