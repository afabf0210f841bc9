export { commonPrefix, middleCut, nameParts, shortNames } from '../../contract/index.js'
