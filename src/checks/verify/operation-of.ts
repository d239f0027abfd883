import type { Operation } from '../../../schemas/operation.ts'
import { operations } from '../../../schemas/operations.ts'
import type { WireRequest } from './wire.ts'

/** The documented operation that a request is about; an id may be anything that is one segment. */
export function operationOf({ method, path }: Pick<WireRequest, 'method' | 'path'>): Operation | undefined {
  const [plain = ''] = path.split('?')
  return operations.find(
    (operation) =>
      operation.method === method && new RegExp(`^${operation.path.replace('{id}', '[\\w-]+')}$`).test(plain),
  )
}
