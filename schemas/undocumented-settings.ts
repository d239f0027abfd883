import { type Static, Type } from '@sinclair/typebox'

/**
 * [item.undocumented-key] [item.undocumented-type] Settings keys that the published document lacks and the vendor's other pages list as writable (P for the names, A for
 * the types). They are kept and shown; no promise of the published contract.
 */
export const UndocumentedSettings = Type.Partial(
  Type.Object({
    excludedTagIds: Type.Array(Type.Integer(), { description: 'Tags whose tickets are kept away' }),
    skillPriorities: Type.Object(
      {},
      {
        additionalProperties: Type.Union([Type.Number(), Type.String()]),
        description: 'Priority of a skill, by the id of its tag',
      },
    ),
    lang: Type.String({ description: 'Language', example: 'de' }),
    phone: Type.String({ description: 'Telephone', example: '+49 123 456789' }),
    translateTicketContent: Type.Boolean({ description: 'Show tickets in the own language', example: false }),
    translationLanguages: Type.Array(Type.String({ example: 'en' }), {
      description: 'Languages that need no translation',
    }),
  }),
)
export type UndocumentedSettings = Static<typeof UndocumentedSettings>
