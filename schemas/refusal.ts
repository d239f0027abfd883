import { Type } from '@sinclair/typebox'

/** Every refusal but the bulk update's 400 and all 403 (A). */
export const Refused = Type.Object({ success: Type.Boolean({ example: false }), message: Type.String() })

export const unauthorizedAnswer = {
  description: 'Nobody has signed in, or the credential is not good',
  schema: Refused,
}
export const invalidAnswer = { description: 'A parameter or the body does not fit', schema: Refused }
export const notFoundAnswer = { description: 'There is none of that id', schema: Refused }

/** 200 of calls that only say that they worked (P). */
export const Success = Type.Object({ success: Type.Boolean({ example: true }) })
