import { existsSync } from 'node:fs'
import t from 'tap'
import { operations } from '../../../schemas/operations.ts'
import {
  componentFiles,
  filesOfKinds,
  fileToChange,
  operationFiles,
} from '../../../src/checks/drift/files.ts'
import { openApiDocument } from '../../../src/contract/openapi.ts'

const root = new URL('../../../', import.meta.url)

t.test('every operation has a file, which holds it', async (t) => {
  t.strictSame(Object.keys(operationFiles).sort(), operations.map(({ operationId }) => operationId).sort())
  for (const [operationId, file] of Object.entries(operationFiles)) {
    const exported: object[] = Object.values(await import(new URL(file, root).href))
    t.ok(
      exported.find((entry) => 'operationId' in entry && entry.operationId === operationId),
      operationId,
    )
  }
})

t.test('every component has a file, which holds it', async (t) => {
  const { schemas } = openApiDocument().components as { schemas: object }
  t.strictSame(Object.keys(componentFiles).sort(), Object.keys(schemas).sort())
  for (const [name, file] of Object.entries(componentFiles)) {
    t.match(await import(new URL(file, root).href), { [name]: { component: name } })
  }
})

t.test('the other files exist', async (t) => {
  for (const file of [...Object.values(filesOfKinds), fileToChange('type-changed', 'elsewhere', undefined)]) {
    t.ok(existsSync(new URL(file, root)), file)
  }
})
