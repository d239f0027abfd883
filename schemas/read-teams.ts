import { type Static, type TSchema, Type } from '@sinclair/typebox'
import type { Operation } from './operation.ts'
import { invalidAnswer, notFoundAnswer, unauthorizedAnswer } from './refusal.ts'
import { Team } from './seed.ts'
import { Forbidden } from './update-profiles.ts'

export const TeamsQuery = Type.Partial(
  Type.Object({
    q: Type.String({ description: 'Text in the name' }),
    roleId: Type.Integer({ description: 'Only teams that give this role' }),
    ids: Type.Array(Type.Integer(), { description: 'Only these teams' }),
  }),
)
export type TeamsQuery = Static<typeof TeamsQuery>

const teamsAnswer = (teams: TSchema) => ({
  200: {
    description: 'The teams',
    schema: Type.Object({ success: Type.Boolean({ example: true }), teams: Type.Array(teams) }),
  },
  401: unauthorizedAnswer,
})

export const teamListOperation = {
  method: 'GET',
  path: '/team/list',
  operationId: 'getTeamList',
  tags: ['Team'],
  summary: 'All teams',
  description: 'Choices for `settings.teamIds`, ordered by id.',
  query: TeamsQuery,
  responses: { ...teamsAnswer(Team), 400: invalidAnswer },
} as const satisfies Operation

export const teamTreeOperation = {
  method: 'GET',
  path: '/team/tree',
  operationId: 'getTeamTree',
  tags: ['Team'],
  summary: 'All teams as a tree',
  description: 'Each team holds its `children`.',
  responses: teamsAnswer(
    Type.Object({}, { additionalProperties: true, description: 'A team with its `children`' }),
  ),
} as const satisfies Operation

export const TeamQuery = Type.Partial(
  Type.Object({
    forceInheritance: Type.Boolean({
      description: 'Show what the team gives its members, the teams above it included',
      default: false,
    }),
  }),
)
export type TeamQuery = Static<typeof TeamQuery>

export const teamOperation = {
  method: 'GET',
  path: '/team/{id}',
  operationId: 'getTeam',
  tags: ['Team'],
  summary: 'One team',
  description: 'Its own settings, or with `forceInheritance` those in force.',
  query: TeamQuery,
  responses: {
    200: { description: 'The team', schema: Team },
    400: invalidAnswer,
    401: unauthorizedAnswer,
    403: { description: 'The caller may not see it', schema: Forbidden },
    404: notFoundAnswer,
  },
} as const satisfies Operation
