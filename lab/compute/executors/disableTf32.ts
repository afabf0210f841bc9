/**
 * Has NVIDIA's libraries multiply float32 as float32; from Ampere on they would cut both factors to 10 bits (TF32), and results
 * would differ from those of other executors by more than the engine's bounds on rounding allow. To be called before the libraries are loaded.
 */
export function disableTf32(): void {
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0'
}
