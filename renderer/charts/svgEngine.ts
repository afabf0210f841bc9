import { use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { init } from './engine.js'

use([SVGRenderer])

export { init }
