import { documentOperation } from './document.ts'
import type { Operation } from './operation.ts'
import { updateProfilesOperation } from './update-profiles.ts'

/** Everything the mock answers below the base path. */
export const operations: readonly Operation[] = [updateProfilesOperation, documentOperation]
