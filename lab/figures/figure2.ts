export { spectraRows as figure2 } from './spectraRows.js'
