import { type Static, Type } from '@sinclair/typebox'
import { AuthProfile } from './auth-profile.ts'
import { ProfileSettings, Skills, TicketsFilters } from './mind-profile.ts'
import { StatusOption } from './status-option.ts'
import { Subchannel } from './subchannel.ts'
import { Tag } from './tag.ts'
import { UndocumentedSettings } from './undocumented-settings.ts'

const closed = { additionalProperties: false } as const
const ids = Type.Array(Type.Integer())
const StoredSkills = Type.Partial(Skills, closed)

/** Own settings of a stored profile: the writable keys without `actual*`; `status` may also be one of `statusOptions`. */
export const StoredSettings = Type.Composite(
  [
    Type.Omit(ProfileSettings, [
      'status',
      'skills',
      'ticketsFilters',
      'actualRoleId',
      'actualTeamIds',
      'actualSkills',
      'actualLimitTicketBacklogAccess',
      'actualTicketBacklogRequiredTagIds',
      'actualTagsOnRoute',
      'actualTagsOnEdit',
    ]),
    Type.Partial(
      Type.Object({
        status: Type.String(),
        skills: StoredSkills,
        ticketsFilters: Type.Partial(TicketsFilters, closed),
      }),
    ),
    UndocumentedSettings,
  ],
  closed,
)
export type StoredSettings = Static<typeof StoredSettings>

/** A profile as the store keeps it: no `actual*`, no `password`, no `image`. */
export const StoredProfile = Type.Composite(
  [
    Type.Object({ id: Type.Integer() }),
    Type.Omit(AuthProfile, ['id', 'image', 'password']),
    Type.Object({
      rawData: Type.Optional(Type.Unsafe<Record<string, unknown>>(Type.Object({}))),
      settings: StoredSettings,
    }),
  ],
  closed,
)
export type StoredProfile = Readonly<Static<typeof StoredProfile>>

/**
 * A role: its permissions are plain names, as the vendor lists them (P). `baseRoleId` is the role that it is built on,
 * which every role but the two base roles has (P).
 */
export const Role = Type.Object(
  {
    id: Type.Integer(),
    name: Type.String(),
    description: Type.Optional(Type.String()),
    baseRoleId: Type.Optional(Type.Integer()),
    permissions: Type.Array(Type.String()),
  },
  closed,
)
export type Role = Readonly<Static<typeof Role>>

/** A team of the tree; its settings are what members inherit (P). */
export const Team = Type.Object(
  {
    id: Type.Integer(),
    name: Type.String(),
    parent: Type.Union([Type.Integer(), Type.Null()]),
    settings: Type.Partial(
      Type.Object(
        {
          roleId: Type.Integer(),
          skills: StoredSkills,
          limitTicketBacklogAccess: Type.Boolean(),
          ticketBacklogRequiredTagIds: ids,
          tagsOnRoute: ids,
          tagsOnEdit: ids,
        },
        closed,
      ),
      closed,
    ),
  },
  closed,
)
export type Team = Readonly<Static<typeof Team>>

/** What one world starts from: people, what they may do, and where they belong. */
export const Seed = Type.Object(
  {
    personas: Type.Record(Type.String(), Type.Integer()),
    statusOptions: Type.Optional(Type.Array(Type.Union([Type.String(), StatusOption]))),
    supersetRoles: Type.Optional(Type.Array(Type.String())),
    roles: Type.Array(Role),
    tags: Type.Optional(Type.Array(Tag)),
    subchannels: Type.Optional(Type.Array(Subchannel)),
    teams: Type.Array(Team),
    profiles: Type.Array(StoredProfile),
  },
  closed,
)
export type Seed = Static<typeof Seed>
