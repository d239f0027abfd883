import { type Static, Type } from '@sinclair/typebox'
import { AuthProfile } from './auth-profile.ts'
import { MindProfile } from './mind-profile.ts'
import type { Operation } from './operation.ts'
import { RoutingStatus } from './routing-status.ts'

/**
 * One item of a bulk update, as published: everything is optional, even `id` (S), and any other key is fine
 * [item.unknown-key].
 */
export const ProfileUpdate = Type.Intersect(
  [
    MindProfile,
    AuthProfile,
    Type.Partial(
      Type.Object({
        // [item.raw-data]
        rawData: Type.Unsafe<Record<string, unknown>>(
          // [reads.raw-data-type] Published without it (S); generators of types would take that for an object without keys.
          Type.Object(
            {},
            { additionalProperties: true, description: 'Custom data of the client; merged key by key' },
          ),
        ),
        callRoutingStatus: RoutingStatus,
        chatRoutingStatus: RoutingStatus,
      }),
    ),
  ],
  { type: 'object' },
)
export type ProfileUpdate = Static<typeof ProfileUpdate>

/**
 * An item that can be applied: it says whom it is for [item.id], though the document does not ask for it
 * [item.id-required].
 */
export const AddressedProfileUpdate = Type.Intersect([Type.Object({ id: Type.Integer() }), ProfileUpdate])
export type AddressedProfileUpdate = Static<typeof AddressedProfileUpdate>

/** Body of PATCH /profiles (S). */
export const UpdateProfilesBody = Type.Object({ profiles: Type.Array(ProfileUpdate) })
export type UpdateProfilesBody = Static<typeof UpdateProfilesBody>

/** 200 of PATCH /profiles: one entry per item, in request order (S; A for the order). */
export const UpdateProfilesResults = Type.Object({
  results: Type.Array(
    Type.Partial(Type.Object({ id: Type.Integer({ example: 1 }), success: Type.Boolean({ example: true }) })),
  ),
})
export type UpdateProfilesResults = Static<typeof UpdateProfilesResults>

/** 400 of PATCH /profiles: one entry per bad item (S). */
export const UpdateProfilesFaults = Type.Partial(
  Type.Object({
    results: Type.Array(
      Type.Partial(
        Type.Object({
          id: Type.Integer({ example: 1 }),
          success: Type.Boolean({ example: false }),
          message: Type.String({ example: 'profiles array is required' }),
        }),
      ),
    ),
  }),
)
export type UpdateProfilesFaults = Static<typeof UpdateProfilesFaults>

/** 403 of PATCH /profiles: exactly this, without a reason (S). */
export const Forbidden = Type.Partial(Type.Object({ success: Type.Boolean({ example: false }) }))

/** The operation this project exists for (S). */
export const updateProfilesOperation = {
  method: 'PATCH',
  path: '/profiles',
  operationId: 'bulkUpdateSpecificProfiles',
  tags: ['Profile'],
  summary: 'Change several profiles in one call',
  description:
    'Each item names a profile by `id` and holds the fields to change. The caller needs the permission `updateSpecificProfile`; for targets of type enneo also `enneoAdmin`.',
  body: UpdateProfilesBody,
  responses: {
    200: { description: 'One result per item', schema: UpdateProfilesResults },
    400: {
      description: 'The request does not fit the schema; nothing was changed',
      schema: UpdateProfilesFaults,
    },
    403: { description: 'A permission is missing; nothing was changed', schema: Forbidden },
  },
} as const satisfies Operation
