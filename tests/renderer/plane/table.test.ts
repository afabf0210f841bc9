import { expect, it } from 'vitest'
import { planeTable } from '../../../renderer/pages/plane/planeTable.js'
import { halves } from './halves.js'

it('the table of a plane has a row for each point, along ε first, the smallest ξ first', () => {
  const map = { ...halves(3, 1), model: { model: 'kh', label: 'KH', hash: 'h', imageNorm: 3 } }
  const { name, columns } = planeTable(map, Float64Array.of(-1, 0, 1), Float64Array.of(-2, 0, 2), ['cat', 'dog'])
  expect(name).toBe('Plane of KH')
  expect(columns.map(({ title }) => title)).toEqual([
    'ε (L2 norm)',
    'ξ (L2 norm)',
    'Class',
    'Softmax of the class (fraction)',
    'Jacobian norm (Frobenius)',
  ])
  expect(columns[0]?.values).toEqual([-1, 0, 1, -1, 0, 1, -1, 0, 1])
  expect(columns[1]?.values).toEqual([-2, -2, -2, 0, 0, 0, 2, 2, 2])
  expect(columns[2]?.values).toEqual(Array.from(map.labels, (label) => ['cat', 'dog'][label]))
  expect(columns[4]?.values).toEqual([...map.jacobianNorm])
})
