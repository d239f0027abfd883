import { type SchemaOptions, type Static, Type } from '@sinclair/typebox'
import { Enum } from './enum.ts'
import { RoutingStatus } from './routing-status.ts'

const integers = (description: string, options: SchemaOptions = {}) =>
  Type.Array(Type.Integer({ example: 1 }), { description, ...options })

/** Which tickets a person sees (S). */
export const TicketsFilters = Type.Partial(
  Type.Object({
    groups: Type.Array(Type.Number({ example: 1 })),
    intents: Type.Array(Type.String({ example: 'process_meter_reading' })),
    tagIds: Type.Array(Type.Number({ example: 1 })),
    personalQueue: Type.Boolean({ description: 'Filter tickets by skills', example: true }),
    onlyIntents: Type.Boolean({ description: 'Leave out tickets without an intent', example: true }),
  }),
)

/** Tags and channels a person can work on (S). */
export const Skills = Type.Partial(
  Type.Object(
    {
      tagIds: Type.Array(Type.Integer(), { example: [1, 2] }),
      channels: Type.Array(Type.String(), { example: ['email', 'chat'] }),
    },
    { description: 'Own skills; this is the key to write' },
  ),
)

/** What enneo.MIND keeps about a person, as the published document lists it (S). `actual*` is derived, never written. */
export const ProfileSettings = Type.Partial(
  Type.Object({
    // [item.status]
    status: Enum(['available', 'busy'], { description: 'Presence', example: 'available' }),
    supersetRole: Type.String({
      description: 'Role in the reports; the choices come from GET /profile/{id}/supersetRoles',
    }),
    ticketsFilters: TicketsFilters,
    roleId: Type.Integer({ description: 'Own role', example: 1 }),
    teamIds: integers('Own teams'),
    skills: Skills,
    actualRoleId: Type.Integer({ description: 'Role in force, teams included', readOnly: true, example: 1 }),
    actualTeamIds: integers('Own teams, without their parents', { readOnly: true }),
    actualSkills: Type.Partial(
      Type.Object(
        {
          intents: Type.Array(Type.String({ example: 'process_meter_reading' })),
          tagIds: Type.Array(Type.Number({ example: 1 })),
          channels: Type.Array(Type.String({ example: 'email' })),
        },
        { description: 'Skills in force, teams included', readOnly: true },
      ),
    ),
    limitTicketBacklogAccess: Type.Boolean({
      description: 'See only tickets with certain tags',
      example: false,
    }),
    ticketBacklogRequiredTagIds: integers('Tags a ticket needs to be seen'),
    tagsOnRoute: integers('Tags put on a ticket when it is routed to this person'),
    tagsOnEdit: integers('Tags put on a ticket when this person edits it'),
    actualLimitTicketBacklogAccess: Type.Boolean({
      description: 'The limit in force, teams included',
      example: false,
    }),
    actualTicketBacklogRequiredTagIds: integers('Required tags in force, teams included'),
    actualTagsOnRoute: integers('Tags on route in force, teams included'),
    actualTagsOnEdit: integers('Tags on edit in force, teams included'),
    isPersonalFilters: Type.Boolean({ description: 'The filters are for this person alone', example: false }),
    inheritTeamSettings: Type.Boolean({ description: 'Settings of the teams count too', example: false }),
    nameReports: Type.String({ description: 'Name shown in reports', example: 'Tapfere Feige' }),
    callRoutingStatus: RoutingStatus,
    chatRoutingStatus: RoutingStatus,
  }),
)
export type ProfileSettings = Static<typeof ProfileSettings>

/**
 * [item.settings] A person as enneo.MIND knows them (S). The published `oneOf` of `settings` cannot be meant literally;
 * what is meant, the documented object or null, stands here, and the published form is made where the document is
 * rendered.
 */
export const MindProfile = Type.Partial(
  Type.Object(
    {
      id: Type.Integer({ description: 'User id', example: 1 }),
      settings: Type.Union([ProfileSettings, Type.Null()]),
    },
    { component: 'MindProfile' },
  ),
)
export type MindProfile = Static<typeof MindProfile>
