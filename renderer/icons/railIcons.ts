/** Icons of the rail, drawn for this project on a 24 px grid; stroked in the current colour. */
export const RAIL_ICONS = {
  home: '<path d="M4 10.5 12 4l8 6.5V20h-5.5v-6h-5v6H4z"/>',
  new: '<path d="M9.5 3.5h5M10.5 3.5v6L5 19a1 1 0 0 0 .9 1.5h12.2A1 1 0 0 0 19 19l-5.5-9.5v-6"/><path d="M7.8 14.5h8.4"/>',
  queue: '<path d="M4 6.5h11M4 12h11M4 17.5h7"/><path d="M17 14.5v6l4.5-3z"/>',
  runs: '<rect x="3.5" y="4.5" width="17" height="15" rx="1"/><path d="M3.5 9.5h17M3.5 14.5h17M9 9.5v10"/>',
  compare:
    '<path d="M4 4v16h16"/><path d="M7 15c2.5 0 3.5-6.5 6-6.5s3 2.5 6.5 2.5"/><path d="M7 17.5c3 0 4-2.5 6.5-2.5s3.5-7.5 6.5-8.5" opacity=".5"/>',
  robustness: '<path d="M4 4v16h16"/><path d="M6.5 7.5h3c4 0 3 9.5 7 9.5h3"/>',
  spectra: '<path d="M4 4v16h16"/><path d="M6.5 6.5l4 3 7 8"/><path d="M10 20v-2.5M15.5 20v-2.5" opacity=".5"/>',
  plane:
    '<rect x="3.5" y="3.5" width="17" height="17" rx="1"/><path d="M3.5 14c4 .5 5-3.5 8-4.5s6 1 9-3"/><path d="M10.5 10.5c.5 4 3 5 3 10"/>',
  data: '<rect x="7.5" y="3.5" width="13" height="13" rx="1"/><path d="M16.5 16.5v4h-13v-13h4"/><path d="M8 14l3.5-4 3 3 2-2 3.5 3.5"/>',
  models: '<path d="M12 3.5l8 4.2-8 4.2-8-4.2z"/><path d="M4 12l8 4.2 8-4.2M4 16.2l8 4.3 8-4.3"/>',
  figures: '<path d="M5.5 3.5h9l4 4v13h-13z"/><path d="M14.5 3.5v4h4"/><path d="M8.5 17v-4M12 17v-6M15.5 17v-2.5"/>',
  doctor: '<path d="M3 12.5h4l2-6 4 11 2.5-7 1.5 2h4"/>',
  settings:
    '<path d="M4 7.5h9M17 7.5h3M4 16.5h3M11 16.5h9"/><circle cx="15" cy="7.5" r="2"/><circle cx="9" cy="16.5" r="2"/>',
} as const
export type RailIconName = keyof typeof RAIL_ICONS
