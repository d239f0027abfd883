import type { Operation } from './operation.ts'
import { invalidAnswer, notFoundAnswer, Success, unauthorizedAnswer } from './refusal.ts'
import { Forbidden, ProfileUpdate } from './update-profiles.ts'

/** One profile by path; the body is what an item of the bulk update is (P). */
export const updateProfileOperation = {
  method: 'PATCH',
  path: '/profile/{id}',
  operationId: 'updateSpecificProfile',
  tags: ['Profile'],
  summary: 'Change one profile',
  description:
    'The same rules as for one item of the bulk update; the path says which profile, an `id` in the body does not.',
  body: ProfileUpdate,
  responses: {
    200: { description: 'Changed', schema: Success },
    400: invalidAnswer,
    401: unauthorizedAnswer,
    403: { description: 'A permission is missing; nothing was changed', schema: Forbidden },
    404: notFoundAnswer,
  },
} as const satisfies Operation
