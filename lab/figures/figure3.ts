export { spectraRows as figure3 } from './spectraRows.js'
