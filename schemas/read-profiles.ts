import { type Static, Type } from '@sinclair/typebox'
import { Enum } from './enum.ts'
import { dateTimeOr } from './formats.ts'
import type { Operation } from './operation.ts'
import { ProfileView, RawData } from './profile-view.ts'
import { invalidAnswer, notFoundAnswer, unauthorizedAnswer } from './refusal.ts'
import { Forbidden } from './update-profiles.ts'

/** The caller's own profile, with what a start page needs (P). */
export const OwnProfileView = Type.Composite([
  ProfileView,
  Type.Object({
    permissions: Type.Array(Type.String(), { description: 'What the caller may do now' }),
    openTickets: Type.Array(Type.Object({}), { description: 'Always empty: tickets are not mocked' }),
    sideConversations: Type.Array(Type.Object({}), {
      description: 'Always empty: conversations are not mocked',
    }),
    unreadNotifications: Type.Integer({ description: 'Always 0: notifications are not mocked' }),
  }),
])

export const ownProfileOperation = {
  method: 'GET',
  path: '/profile',
  operationId: 'getProfile',
  tags: ['Profile'],
  summary: 'The profile of the caller',
  description: 'Own and inherited settings, and the permissions of the role in force.',
  responses: { 200: { description: 'The profile', schema: OwnProfileView }, 401: unauthorizedAnswer },
} as const satisfies Operation

export const ProfileQuery = Type.Partial(
  Type.Object({
    forceInheritance: Type.Boolean({
      description: 'Show the settings as if `inheritTeamSettings` were true',
      default: false,
    }),
    teamIds: Type.Array(Type.Integer(), {
      description: 'With `forceInheritance`: inherit from these teams instead of the own ones',
    }),
    includeRawData: Type.Boolean({ description: 'Show `rawData` too', default: false }),
  }),
)
export type ProfileQuery = Static<typeof ProfileQuery>

export const profileOperation = {
  method: 'GET',
  path: '/profile/{id}',
  operationId: 'getSpecificProfile',
  tags: ['Profile'],
  summary: 'One profile',
  description: 'Own and inherited settings.',
  query: ProfileQuery,
  responses: {
    200: {
      description: 'The profile',
      schema: Type.Composite([ProfileView, Type.Partial(Type.Object({ rawData: RawData }))]),
    },
    400: invalidAnswer,
    401: unauthorizedAnswer,
    404: notFoundAnswer,
  },
} as const satisfies Operation

/** Kinds of profiles that a list can show (P). */
export const Show = Enum(['users', 'all', 'enneo', 'serviceWorkers'])
export type Show = Static<typeof Show>

export const ProfilesQuery = Type.Partial(
  Type.Object({
    q: Type.String({ description: 'Text in first name, last name or mail address' }),
    userIds: Type.Array(Type.Integer(), { description: 'Only these profiles' }),
    show: Type.Array(Show, { description: 'Kinds of profiles; without it users' }),
    format: Enum(['full', 'short'], {
      description: 'short leaves out settings and the last login',
      default: 'full',
    }),
    limit: Type.Integer({ minimum: 1, default: 100 }),
    offset: Type.Integer({ minimum: 0, default: 0 }),
    teamIds: Type.Array(Type.Union([Type.Integer(), Type.Literal('unassigned')]), {
      description: 'Members of any of these teams; `unassigned` stands for no team',
    }),
    tagIds: Type.Array(Type.Integer(), { description: 'Any of these tags among the skills in force' }),
    channels: Type.Array(Type.String(), { description: 'Any of these channels among the skills in force' }),
    roleId: Type.Integer({ description: 'Own role' }),
    lastSeen: Type.String({
      pattern: dateTimeOr('online'),
      title: 'online, or a date-time such as 2023-12-01 14:30:00',
      description: 'A date-time: seen since then; `online`: seen in the last 10 minutes',
      example: '2023-12-01 14:30:00',
    }),
  }),
)
export type ProfilesQuery = Static<typeof ProfilesQuery>

export const profilesOperation = {
  method: 'GET',
  path: '/profiles',
  operationId: 'getProfiles',
  tags: ['Profile'],
  summary: 'Search profiles',
  description: 'All filters must match; of a list one entry suffices. Ordered by id.',
  query: ProfilesQuery,
  responses: {
    200: {
      description: 'One page of profiles',
      schema: Type.Object({ success: Type.Boolean({ example: true }), profiles: Type.Array(ProfileView) }),
    },
    400: invalidAnswer,
    401: unauthorizedAnswer,
    403: { description: 'The caller may not see who was seen when', schema: Forbidden },
  },
} as const satisfies Operation

export const supersetRolesOperation = {
  method: 'GET',
  path: '/profile/{id}/supersetRoles',
  operationId: 'getSupersetRoles',
  tags: ['Profile'],
  summary: 'Choices for `settings.supersetRole`',
  description: 'The roles of the reports that this profile can be given.',
  responses: {
    200: {
      description: 'The choices',
      schema: Type.Object({
        success: Type.Boolean({ example: true }),
        supersetRoles: Type.Array(Type.String()),
      }),
    },
    401: unauthorizedAnswer,
    404: notFoundAnswer,
  },
} as const satisfies Operation
