/** Where a worker finds datasets. */
export interface DataPlaces {
  folders: readonly string[]
  home: string
}
