import type { TSchema } from '@sinclair/typebox'

/** Read only in words (S: `email`, `lastSeen`), or not among the fields the vendor lists as writable (P: `type`). */
const readOnlyInWords = new Set(['email', 'lastSeen', 'type'])

/** Whether a key of a profile cannot be written: by its flag (S), as `actual…`, which is derived (S), or in words. */
export const isReadOnly = (key: string, schema: TSchema): boolean =>
  schema.readOnly === true || key.startsWith('actual') || readOnlyInWords.has(key)
