import { readFileSync } from 'node:fs'
import t from 'tap'
import { driftOf } from '../../../src/checks/drift/drift.ts'
import { markdownOf } from '../../../src/checks/drift/report.ts'
import type { Json } from '../../../src/contract/json-schema.ts'
import { openApiDocument } from '../../../src/contract/openapi.ts'
import { isCheckout } from '../../../src/values/package-info.ts'
import { inlined, upgraded } from '../../support/openapi-variants.ts'

const published = readFileSync(
  new URL('../../../fixtures/contract/published-structure.json', import.meta.url),
  'utf8',
)
const served = JSON.stringify(openApiDocument())

/** A document whose parts can be reached and changed without ceremony. */
// biome-ignore lint/suspicious/noExplicitAny: an edit is about any part of a document
type Loose = any

const shapes: [name: string, change: (document: Json) => Json][] = [
  ['as it is', (document) => document],
  ['in OpenAPI 3.1', upgraded],
  ['without references', inlined],
]

const seen = (document: Json) =>
  driftOf(openApiDocument(), document).differences.map(({ path, kind, breaking, mockDepends, file }) =>
    [path, kind, breaking ? 'breaking' : 'harmless', mockDepends ? 'mock' : 'no mock', file].join(' | '),
  )

const auth = 'components.schemas.AuthProfile'
const settings = 'components.schemas.MindProfile.settings'
const routing = 'components.schemas.RoutingStatus'
const item = 'PATCH /profiles request profiles[]'

const authProfile = (document: Loose) => document.components.schemas.AuthProfile
const mindProfile = (document: Loose) => document.components.schemas.MindProfile
const settingsOf = (document: Loose) => mindProfile(document).properties.settings.oneOf[0].properties
const update = (document: Loose) => document.paths['/profiles'].patch
const bodyOf = (document: Loose) => update(document).requestBody.content['application/json'].schema
const answerOf = (document: Loose, status: number) =>
  update(document).responses[status].content['application/json'].schema
const search = (document: Loose) => document.paths['/profiles'].get

type Edit = {
  name: string
  edit: (document: Loose) => unknown
  /** What is found, in the published structure and in the document that is served. */
  found: string[]
  /** Where that differs in the document that is served, because it shows the part in answers too. */
  foundInServed?: string[]
  /** Only the document that is served has the part. */
  isServedOnly?: boolean
  /** Means something else without references. */
  isAboutReferences?: boolean
}

const edits: Edit[] = [
  {
    name: 'a property is added',
    edit: (document) => {
      authProfile(document).properties.pronouns = { type: 'string' }
    },
    found: [`${auth}.pronouns | property-added | harmless | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'a property of the settings is added',
    edit: (document) => {
      settingsOf(document).shift = { type: 'string' }
    },
    found: [`${settings}.shift | property-added | harmless | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'a property is removed',
    edit: (document) => {
      delete authProfile(document).properties.lang
    },
    found: [`${auth}.lang | property-removed | breaking | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'a property that refers is removed',
    edit: (document) => {
      delete settingsOf(document).callRoutingStatus
    },
    found: [`${settings}.callRoutingStatus | property-removed | breaking | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'a read-only property is removed',
    edit: (document) => {
      delete settingsOf(document).actualRoleId
    },
    found: [`${settings}.actualRoleId | property-removed | harmless | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'a read-only property is added',
    edit: (document) => {
      settingsOf(document).actualShift = { type: 'string', readOnly: true }
    },
    found: [`${settings}.actualShift | property-added | harmless | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'a boolean becomes an integer',
    edit: (document) => {
      settingsOf(document).inheritTeamSettings.type = 'integer'
    },
    found: [`${settings}.inheritTeamSettings | type-changed | breaking | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'an integer becomes any number',
    edit: (document) => {
      settingsOf(document).roleId.type = 'number'
    },
    found: [`${settings}.roleId | type-changed | harmless | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'any number becomes an integer',
    edit: (document) => {
      settingsOf(document).ticketsFilters.properties.groups.items.type = 'integer'
    },
    found: [`${settings}.ticketsFilters.groups[] | type-changed | breaking | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'an array becomes a single value',
    edit: (document) => {
      settingsOf(document).tagsOnRoute = { type: 'integer' }
    },
    found: [`${settings}.tagsOnRoute | type-changed | breaking | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'an array may hold anything',
    edit: (document) => {
      delete settingsOf(document).teamIds.items
    },
    found: [`${settings}.teamIds[] | type-changed | harmless | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'an object becomes anything',
    edit: (document) => {
      settingsOf(document).ticketsFilters = {}
    },
    found: [`${settings}.ticketsFilters | type-changed | harmless | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'one use of a component becomes any text',
    edit: (document) => {
      settingsOf(document).callRoutingStatus = { type: 'string' }
    },
    found: [`${settings}.callRoutingStatus | enum-removed | harmless | mock | schemas/routing-status.ts`],
    isAboutReferences: true,
  },
  {
    name: 'one of two declarations changes its type',
    edit: (document) => {
      authProfile(document).properties.id.type = 'string'
    },
    found: [`${auth}.id | type-changed | breaking | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'one of two declarations is removed',
    edit: (document) => {
      delete authProfile(document).properties.id
    },
    found: [`${auth}.id | property-removed | harmless | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'a property is declared a second time',
    edit: (document) => {
      mindProfile(document).properties.lang = { type: 'string' }
    },
    found: [
      `components.schemas.MindProfile.lang | property-added | harmless | mock | schemas/mind-profile.ts`,
    ],
  },
  {
    name: 'a value is removed',
    edit: (document) => {
      authProfile(document).properties.isSsoOnly.enum = [0]
    },
    found: [`${auth}.isSsoOnly | enum-value-removed | breaking | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'a value of a component is removed',
    edit: (document) => {
      document.components.schemas.RoutingStatus.enum.pop()
    },
    found: [`${routing} | enum-value-removed | breaking | mock | schemas/routing-status.ts`],
  },
  {
    name: 'a value of a component is added',
    edit: (document) => {
      document.components.schemas.RoutingStatus.enum.push('away')
    },
    found: [`${routing} | enum-value-added | harmless | mock | schemas/routing-status.ts`],
    foundInServed: [`${routing} | enum-value-added | breaking | mock | schemas/routing-status.ts`],
  },
  {
    name: 'two values come and one goes',
    edit: (document) => {
      document.components.schemas.RoutingStatus.enum.splice(0, 1, 'away', 'late')
    },
    found: [
      `${routing} | enum-value-removed | breaking | mock | schemas/routing-status.ts`,
      `${routing} | enum-value-added | harmless | mock | schemas/routing-status.ts`,
      `${routing} | enum-value-added | harmless | mock | schemas/routing-status.ts`,
    ],
    foundInServed: [
      `${routing} | enum-value-removed | breaking | mock | schemas/routing-status.ts`,
      `${routing} | enum-value-added | breaking | mock | schemas/routing-status.ts`,
      `${routing} | enum-value-added | breaking | mock | schemas/routing-status.ts`,
    ],
  },
  {
    name: 'any value is allowed',
    edit: (document) => {
      delete settingsOf(document).status.enum
    },
    found: [`${settings}.status | enum-removed | harmless | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'only some values are allowed',
    edit: (document) => {
      authProfile(document).properties.type.enum = ['enneo', 'user']
    },
    found: [`${auth}.type | enum-added | breaking | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'a property becomes required',
    edit: (document) => {
      mindProfile(document).required = ['id']
    },
    found: [`components.schemas.MindProfile.id | required-added | breaking | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'a property that nothing describes becomes required',
    edit: (document) => {
      authProfile(document).required = ['tenant']
    },
    found: [`${auth}.tenant | required-added | breaking | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'one of two declarations becomes required',
    edit: (document) => {
      authProfile(document).required = ['id']
    },
    found: [`${auth}.id | required-added | breaking | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'a property becomes required in one use of the components',
    edit: (document) => {
      bodyOf(document).properties.profiles.items.required = ['lang']
    },
    found: [`${item}.lang | required-added | breaking | mock | schemas/update-profiles.ts`],
  },
  {
    name: 'a read-only property becomes required',
    edit: (document) => {
      mindProfile(document).properties.settings.oneOf[0].required = ['actualRoleId']
    },
    found: [`${settings}.actualRoleId | required-added | harmless | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'the list of items is no longer required',
    edit: (document) => {
      delete bodyOf(document).required
    },
    found: [
      `PATCH /profiles request profiles | required-removed | harmless | mock | schemas/update-profiles.ts`,
    ],
  },
  {
    name: 'a required property is added',
    edit: (document) => {
      bodyOf(document).properties.reason = { type: 'string' }
      bodyOf(document).required.push('reason')
    },
    found: [`PATCH /profiles request reason | property-added | breaking | mock | schemas/update-profiles.ts`],
  },
  {
    name: 'custom data becomes nullable',
    edit: (document) => {
      bodyOf(document).properties.profiles.items.allOf[2].properties.rawData.nullable = true
    },
    found: [`${item}.rawData | nullable-changed | harmless | mock | schemas/update-profiles.ts`],
  },
  {
    name: 'the settings are an object that can be null',
    edit: (document) => {
      mindProfile(document).properties.settings = {
        ...mindProfile(document).properties.settings.oneOf[0],
        nullable: true,
      }
    },
    found: [`${settings} | composition-changed | harmless | mock | src/contract/json-schema.ts`],
  },
  {
    name: 'the settings are an object or the type null',
    edit: (document) => {
      mindProfile(document).properties.settings.oneOf[1] = { type: 'null' }
    },
    found: [`${settings} | composition-changed | harmless | mock | src/contract/json-schema.ts`],
  },
  {
    name: 'the settings are any of the two',
    edit: (document) => {
      const { oneOf } = mindProfile(document).properties.settings
      mindProfile(document).properties.settings = { anyOf: oneOf }
    },
    found: [`${settings} | composition-changed | harmless | mock | src/contract/json-schema.ts`],
  },
  {
    name: 'the settings have a third alternative',
    edit: (document) => {
      mindProfile(document).properties.settings.oneOf.push({
        type: 'object',
        properties: { preset: { type: 'string' } },
      })
    },
    found: [`${settings} | composition-changed | harmless | mock | src/contract/json-schema.ts`],
  },
  {
    name: 'alternatives are asked for beside the properties, and two of those change',
    edit: (document) => {
      const profile = authProfile(document)
      profile.oneOf = [{ required: ['firstName'] }, { required: ['lastName'] }]
      delete profile.properties.lang
      profile.properties.phone.type = 'integer'
    },
    found: [
      `${auth} | composition-changed | breaking | mock | src/contract/json-schema.ts`,
      `${auth}.phone | type-changed | breaking | mock | schemas/auth-profile.ts`,
      `${auth}.lang | property-removed | breaking | mock | schemas/auth-profile.ts`,
    ],
  },
  {
    name: 'the settings cannot be null: no second alternative',
    edit: (document) => {
      mindProfile(document).properties.settings.oneOf.pop()
    },
    found: [`${settings} | nullable-changed | breaking | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'the settings cannot be null: no alternative that is',
    edit: (document) => {
      delete mindProfile(document).properties.settings.oneOf[1].nullable
    },
    found: [`${settings} | nullable-changed | breaking | mock | schemas/mind-profile.ts`],
  },
  {
    name: 'a property is no longer read only',
    edit: (document) => {
      delete settingsOf(document).actualRoleId.readOnly
    },
    found: [`${settings}.actualRoleId | read-only-changed | harmless | mock | schemas/read-only.ts`],
  },
  {
    name: 'a property becomes read only',
    edit: (document) => {
      authProfile(document).properties.email.readOnly = true
    },
    found: [`${auth}.email | read-only-changed | breaking | mock | schemas/read-only.ts`],
  },
  {
    name: 'a property is no longer write only',
    edit: (document) => {
      delete authProfile(document).properties.password.writeOnly
    },
    found: [`${auth}.password | write-only-changed | harmless | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'a format is gone',
    edit: (document) => {
      delete authProfile(document).properties.image.format
    },
    found: [`${auth}.image | format-changed | harmless | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'a format is added',
    edit: (document) => {
      authProfile(document).properties.email.format = 'email'
    },
    found: [`${auth}.email | format-changed | breaking | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'a text is limited',
    edit: (document) => {
      authProfile(document).properties.phone.maxLength = 30
    },
    found: [`${auth}.phone | constraint-changed | breaking | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'no other keys are allowed',
    edit: (document) => {
      bodyOf(document).additionalProperties = false
    },
    found: [`PATCH /profiles request | constraint-changed | breaking | mock | schemas/update-profiles.ts`],
  },
  {
    name: 'a component allows no other keys',
    edit: (document) => {
      authProfile(document).additionalProperties = false
    },
    found: [`${auth} | constraint-changed | breaking | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'two components are limited',
    edit: (document) => {
      authProfile(document).minProperties = 1
      mindProfile(document).minProperties = 1
    },
    found: [
      `components.schemas.MindProfile | constraint-changed | breaking | mock | schemas/mind-profile.ts`,
      `${auth} | constraint-changed | breaking | mock | schemas/auth-profile.ts`,
    ],
  },
  {
    name: 'a component becomes read only',
    edit: (document) => {
      authProfile(document).readOnly = true
    },
    found: [`${auth} | read-only-changed | breaking | mock | schemas/read-only.ts`],
  },
  {
    name: 'a component becomes a text',
    edit: (document) => {
      authProfile(document).type = 'string'
    },
    found: [`${auth} | type-changed | breaking | mock | schemas/auth-profile.ts`],
  },
  {
    name: 'one use of the components allows no other keys',
    edit: (document) => {
      bodyOf(document).properties.profiles.items.additionalProperties = false
    },
    found: [`${item} | constraint-changed | breaking | mock | schemas/update-profiles.ts`],
  },
  {
    name: 'the body is not required',
    edit: (document) => {
      update(document).requestBody.required = false
    },
    found: [`PATCH /profiles request | required-removed | harmless | mock | schemas/update-profiles.ts`],
  },
  {
    name: 'there is no body',
    edit: (document) => {
      delete update(document).requestBody
    },
    found: [`PATCH /profiles request | request-body-removed | breaking | mock | schemas/update-profiles.ts`],
  },
  {
    name: 'the body has another media type',
    edit: (document) => {
      update(document).requestBody.content = { 'application/merge-patch+json': { schema: bodyOf(document) } }
    },
    found: [`PATCH /profiles request | media-type-changed | breaking | mock | schemas/update-profiles.ts`],
  },
  {
    name: 'the answer has a second media type',
    edit: (document) => {
      update(document).responses[200].content['text/csv'] = { schema: { type: 'string' } }
    },
    found: [
      `PATCH /profiles response 200 | media-type-added | harmless | no mock | schemas/update-profiles.ts`,
    ],
  },
  {
    name: 'an answer has no content',
    edit: (document) => {
      delete update(document).responses[403].content
    },
    found: [
      `PATCH /profiles response 403 | media-type-removed | breaking | mock | schemas/update-profiles.ts`,
    ],
  },
  {
    name: 'a status is added',
    edit: (document) => {
      update(document).responses[429] = { description: 'Slow down' }
    },
    found: [`PATCH /profiles response 429 | status-added | harmless | no mock | schemas/update-profiles.ts`],
  },
  {
    name: 'a refusal is removed',
    edit: (document) => {
      delete update(document).responses[403]
    },
    found: [`PATCH /profiles response 403 | status-removed | harmless | mock | schemas/update-profiles.ts`],
  },
  {
    name: 'the success is removed',
    edit: (document) => {
      delete update(document).responses[200]
    },
    found: [`PATCH /profiles response 200 | status-removed | breaking | mock | schemas/update-profiles.ts`],
  },
  {
    name: 'an answer loses a property',
    edit: (document) => {
      delete answerOf(document, 200).properties.results.items.properties.success
    },
    found: [
      `PATCH /profiles response 200 results[].success | property-removed | breaking | mock | schemas/update-profiles.ts`,
    ],
  },
  {
    name: 'an answer gets a property',
    edit: (document) => {
      answerOf(document, 403).properties.message = { type: 'string' }
    },
    found: [
      `PATCH /profiles response 403 message | property-added | harmless | no mock | schemas/update-profiles.ts`,
    ],
  },
  {
    name: 'an answer no longer promises a property',
    edit: (document) => {
      delete answerOf(document, 200).required
    },
    found: [
      `PATCH /profiles response 200 results | required-removed | breaking | no mock | schemas/update-profiles.ts`,
    ],
  },
  {
    name: 'an answer promises a property',
    edit: (document) => {
      answerOf(document, 400).required = ['results']
    },
    found: [
      `PATCH /profiles response 400 results | required-added | harmless | mock | schemas/update-profiles.ts`,
    ],
  },
  {
    name: 'a property of an answer becomes write only',
    edit: (document) => {
      answerOf(document, 403).properties.success.writeOnly = true
    },
    found: [
      `PATCH /profiles response 403 success | write-only-changed | breaking | mock | schemas/update-profiles.ts`,
    ],
  },
  {
    name: 'the path is gone',
    edit: (document) => {
      delete document.paths['/profiles']
    },
    found: [`/profiles | path-removed | breaking | mock | schemas/update-profiles.ts`],
  },
  {
    name: 'the operation is gone',
    edit: (document) => {
      delete document.paths['/profiles'].patch
    },
    found: [`/profiles | path-removed | breaking | mock | schemas/update-profiles.ts`],
    foundInServed: [`PATCH /profiles | operation-removed | breaking | mock | schemas/update-profiles.ts`],
  },
  {
    name: 'a path is added',
    edit: (document) => {
      document.paths['/profiles/export'] = { get: {}, post: {} }
    },
    found: [`/profiles/export | path-added | harmless | no mock | schemas/operations.ts`],
  },
  {
    name: 'an operation is added',
    edit: (document) => {
      document.paths['/profiles'].post = { responses: {} }
    },
    found: [`POST /profiles | operation-added | harmless | no mock | schemas/operations.ts`],
  },
  {
    name: 'a parameter is added',
    edit: (document) => {
      update(document).parameters = [{ name: 'dryRun', in: 'query', schema: { type: 'boolean' } }]
    },
    found: [
      `PATCH /profiles parameter dryRun | parameter-added | harmless | mock | schemas/update-profiles.ts`,
    ],
  },
  {
    name: 'a required parameter is added for the path',
    edit: (document) => {
      document.paths['/profiles'].parameters = [
        { name: 'X-Tenant', in: 'header', required: true, schema: { type: 'string' } },
      ]
    },
    found: [
      `PATCH /profiles parameter X-Tenant | parameter-added | breaking | mock | schemas/update-profiles.ts`,
    ],
  },
  {
    name: 'the session cookie has another name',
    edit: (document) => {
      document.components.securitySchemes.cookieAuth.name = 'sid'
    },
    found: [
      `components.securitySchemes.cookieAuth | security-changed | breaking | mock | src/profiles/authentication.ts`,
    ],
  },
  {
    name: 'the cookie is not accepted any more',
    edit: (document) => {
      document.security.pop()
    },
    found: [`security | security-changed | breaking | mock | src/profiles/authentication.ts`],
  },
  {
    name: 'a scheme is referred to and gone',
    edit: (document) => {
      delete document.components.securitySchemes.cookieAuth
    },
    found: [
      `components.securitySchemes.cookieAuth | security-changed | breaking | mock | src/profiles/authentication.ts`,
    ],
  },
  {
    name: 'another way to sign in is added',
    edit: (document) => {
      document.security.push({ apiKey: [] })
    },
    found: [`security | security-changed | harmless | mock | src/profiles/authentication.ts`],
  },
  {
    name: 'anybody may call',
    edit: (document) => {
      update(document).security = []
    },
    found: [`PATCH /profiles security | security-changed | harmless | mock | src/profiles/authentication.ts`],
  },
  {
    name: 'both credentials are needed',
    edit: (document) => {
      document.security = [{ bearerAuth: ['api'], cookieAuth: ['api'] }]
    },
    found: [`security | security-changed | breaking | mock | src/profiles/authentication.ts`],
  },
  {
    name: 'a read is gone',
    edit: (document) => {
      delete document.paths['/roles']
    },
    found: [`/roles | path-removed | breaking | mock | schemas/read-roles.ts`],
    isServedOnly: true,
  },
  {
    name: 'one of two operations on a path is gone',
    edit: (document) => {
      delete document.paths['/profile/{id}'].get
    },
    found: [`GET /profile/{id} | operation-removed | breaking | mock | schemas/read-profiles.ts`],
    isServedOnly: true,
  },
  {
    name: 'a parameter is removed',
    edit: (document) => {
      search(document).parameters.shift()
    },
    found: [`GET /profiles parameter q | parameter-removed | breaking | mock | schemas/read-profiles.ts`],
    isServedOnly: true,
  },
  {
    name: 'a parameter changes its type',
    edit: (document) => {
      search(document).parameters[0].schema.type = 'integer'
    },
    found: [`GET /profiles parameter q | type-changed | breaking | mock | schemas/read-profiles.ts`],
    isServedOnly: true,
  },
  {
    name: 'a parameter becomes required',
    edit: (document) => {
      search(document).parameters[0].required = true
    },
    found: [`GET /profiles parameter q | required-added | breaking | mock | schemas/read-profiles.ts`],
    isServedOnly: true,
  },
  {
    name: 'a parameter moves',
    edit: (document) => {
      search(document).parameters[0].in = 'header'
    },
    found: [
      `GET /profiles parameter q | parameter-location-changed | breaking | mock | schemas/read-profiles.ts`,
    ],
    isServedOnly: true,
  },
  {
    name: 'a list is sent otherwise',
    edit: (document) => {
      search(document).parameters[1].explode = false
    },
    found: [
      `GET /profiles parameter userIds[] | constraint-changed | breaking | mock | schemas/read-profiles.ts`,
    ],
    isServedOnly: true,
  },
  {
    name: 'a default changes',
    edit: (document) => {
      search(document).parameters.find(({ name }: Loose) => name === 'limit').schema.default = 50
    },
    found: [
      `GET /profiles parameter limit | constraint-changed | harmless | mock | schemas/read-profiles.ts`,
    ],
    isServedOnly: true,
  },
  {
    name: 'a lower bound falls',
    edit: (document) => {
      search(document).parameters.find(({ name }: Loose) => name === 'limit').schema.minimum = 0
    },
    found: [
      `GET /profiles parameter limit | constraint-changed | harmless | mock | schemas/read-profiles.ts`,
    ],
    isServedOnly: true,
  },
  {
    name: 'a lower bound rises',
    edit: (document) => {
      search(document).parameters.find(({ name }: Loose) => name === 'limit').schema.minimum = 10
    },
    found: [
      `GET /profiles parameter limit | constraint-changed | breaking | mock | schemas/read-profiles.ts`,
    ],
    isServedOnly: true,
  },
  {
    name: 'a read asks for no sign-in',
    edit: (document) => {
      document.paths['/roles'].get.security = []
    },
    found: [`GET /roles security | security-changed | harmless | mock | src/profiles/authentication.ts`],
    isServedOnly: true,
  },
  {
    name: 'an operation asks for a body',
    edit: (document) => {
      document.paths['/roles'].get.requestBody = { required: true, content: { 'application/json': {} } }
    },
    found: [`GET /roles request | request-body-added | breaking | mock | schemas/read-roles.ts`],
    isServedOnly: true,
  },
  {
    name: 'an answer of a read can be null',
    edit: (document) => {
      document.paths['/roles'].get.responses[200].content[
        'application/json'
      ].schema.properties.roles.nullable = true
    },
    found: [`GET /roles response 200 roles | nullable-changed | breaking | no mock | schemas/read-roles.ts`],
    isServedOnly: true,
  },
  {
    name: 'an answer of a read is no longer null',
    edit: (document) => {
      delete document.paths['/roles/{id}'].get.responses[200].content['application/json'].schema.properties
        .baseRoleId.nullable
    },
    found: [
      `GET /roles/{id} response 200 baseRoleId | nullable-changed | harmless | mock | schemas/read-roles.ts`,
    ],
    isServedOnly: true,
  },
  {
    name: 'another way to sign in is added, with its scheme',
    edit: (document) => {
      document.components.securitySchemes.key = { type: 'apiKey', in: 'header', name: 'X-Key' }
      document.security.push({ key: [] })
    },
    found: ['security | security-changed | harmless | mock | src/profiles/authentication.ts'],
  },
]

for (const { name, edit, found, foundInServed = found, isServedOnly, isAboutReferences } of edits) {
  const bases: [base: string, text: string, found: string[]][] = [
    ['the document that is served', served, foundInServed],
    ...(isServedOnly
      ? []
      : ([['the published structure', published, found]] as [string, string, string[]][])),
  ]
  for (const [base, text, expected] of bases) {
    for (const [shape, change] of isAboutReferences ? shapes.slice(0, 2) : shapes) {
      t.test(`${name}, in ${base} ${shape}`, async (t) => {
        const document = JSON.parse(text)
        edit(document)
        t.strictSame(seen(change(document)), expected)
      })
    }
  }
}

const harmless: [name: string, edit: (document: Loose) => unknown][] = [
  [
    'prose',
    (document) => {
      document.info = { title: 'Another', version: '2' }
      document.servers = []
      document.tags = [{ name: 'Other' }]
      Object.assign(update(document), {
        summary: 'New words',
        tags: [],
        operationId: 'other',
        deprecated: true,
      })
      Object.assign(authProfile(document), { title: 'Person', description: 'New words', 'x-order': 1 })
      Object.assign(authProfile(document).properties.lang, {
        example: 'en',
        description: 'New words',
        deprecated: true,
      })
    },
  ],
  [
    'another name for a component',
    (document) => {
      const { schemas } = document.components
      schemas.Person = schemas.AuthProfile
      delete schemas.AuthProfile
      bodyOf(document).properties.profiles.items.allOf[1].$ref = '#/components/schemas/Person'
      renameInServed(document, 'AuthProfile', 'Person')
    },
  ],
  [
    'a property that moved to another branch',
    (document) => {
      mindProfile(document).properties.lang = authProfile(document).properties.lang
      delete authProfile(document).properties.lang
    },
  ],
  [
    'branches put together into one object',
    (document) => {
      const { items } = bodyOf(document).properties.profiles
      const properties = items.allOf.flatMap(({ $ref, ...own }: Loose) =>
        $ref
          ? Object.entries(document.components.schemas[$ref.split('/').pop()].properties)
          : Object.entries(own.properties),
      )
      bodyOf(document).properties.profiles.items = {
        type: 'object',
        properties: Object.fromEntries(properties),
      }
    },
  ],
  ['branches in another order', (document) => bodyOf(document).properties.profiles.items.allOf.reverse()],
  [
    'a component that nothing uses',
    (document) => {
      document.components.schemas.Unused = { type: 'string' }
    },
  ],
  ['values in another order', (document) => document.components.schemas.RoutingStatus.enum.reverse()],
  [
    'values as constants',
    (document) => {
      const { status } = settingsOf(document)
      status.oneOf = [{ const: 'available', title: 'here' }, { const: 'busy' }]
      delete status.enum
      delete status.type
    },
  ],
  ['values without their type', (document) => delete document.components.schemas.RoutingStatus.type],
  ['an object without its type', (document) => delete answerOf(document, 200).type],
  [
    'another name for a scheme',
    (document) => {
      const { securitySchemes } = document.components
      document.components.securitySchemes = {
        session: securitySchemes.cookieAuth,
        jwt: { ...securitySchemes.bearerAuth, description: 'New words' },
      }
      document.security = [{ session: ['api'] }, { jwt: ['api'] }]
    },
  ],
  [
    'sign-in said for the operation',
    (document) => {
      update(document).security = document.security
    },
  ],
  [
    'a charset',
    (document) => {
      const answer = update(document).responses[200]
      answer.content = { 'Application/JSON; charset=utf-8': answer.content['application/json'] }
    },
  ],
  [
    'a body and an answer as components',
    (document) => {
      document.components.requestBodies = { Update: update(document).requestBody }
      document.components.responses = { Refused: update(document).responses[403] }
      update(document).requestBody = { $ref: '#/components/requestBodies/Update' }
      update(document).responses[403] = { $ref: '#/components/responses/Refused' }
    },
  ],
  [
    'a base64 text in the words of OpenAPI 3.1',
    (document) => {
      const { image } = authProfile(document).properties
      image.contentEncoding = image.format
      delete image.format
    },
  ],
  [
    'rules that say nothing',
    (document) => {
      Object.assign(authProfile(document), { additionalProperties: true })
      Object.assign(settingsOf(document).teamIds, { uniqueItems: false })
      answerOf(document, 200).allOf = [{}]
    },
  ],
]

/** The second use of the components, which only the document that is served has. */
function renameInServed(document: Loose, from: string, to: string): void {
  const body = document.paths['/profile/{id}']?.patch.requestBody.content['application/json'].schema
  for (const branch of body?.allOf ?? [])
    if (branch.$ref?.endsWith(from)) branch.$ref = `#/components/schemas/${to}`
}

for (const [name, edit] of harmless) {
  for (const [base, text] of [
    ['the document that is served', served],
    ['the published structure', published],
  ] as const) {
    t.test(`${name} is no difference, in ${base}`, async (t) => {
      const document = JSON.parse(text)
      edit(document)
      t.strictSame(seen(document), [])
    })
  }
}

/** A contract with one property in the request, and one like it with something else in its place. */
const withProperty = (schema: unknown): Json => ({
  openapi: '3.1.0',
  paths: {
    '/profiles': {
      patch: {
        requestBody: { content: { 'application/json': { schema: { properties: { x: schema } } } } },
        responses: {},
      },
    },
  },
  components: {
    schemas: {
      Text: { type: 'string' },
      Maybe: { type: 'string', nullable: true },
      Person: { allOf: [{ properties: { a: { type: 'string' } } }] },
    },
  },
})

const text = { type: 'string' }
const number = { type: 'number' }
const object = { type: 'object', properties: { a: text } }
const other = { type: 'object', properties: { b: text } }
const maybe = { $ref: '#/components/schemas/Maybe' }
const keys = (...required: string[]) => ({ required })
const person = { $ref: '#/components/schemas/Person' }

const schemas: [ours: unknown, theirs: unknown, found: string[]][] = [
  [{ anyOf: [object, text] }, { anyOf: [object, text] }, []],
  [{ anyOf: [object, text] }, { anyOf: [object, number] }, ['x type-changed breaking']],
  [{ anyOf: [object, text] }, { oneOf: [object, text] }, ['x composition-changed breaking']],
  [{ anyOf: [object, text] }, { anyOf: [object, text, number] }, ['x composition-changed harmless']],
  [
    { anyOf: [object, text] },
    { oneOf: [object, number] },
    ['x composition-changed breaking', 'x type-changed breaking'],
  ],
  [{ ...object, anyOf: [keys('a'), keys('b')] }, object, ['x composition-changed harmless']],
  [object, { ...object, anyOf: [keys('a'), keys('b')] }, ['x composition-changed breaking']],
  [
    { allOf: [object, { anyOf: [keys('a'), keys('b')] }] },
    { allOf: [{ ...object, properties: { a: number } }, { anyOf: [keys('a'), keys('c')] }] },
    ['x.b required-removed harmless', 'x.c required-added breaking', 'x.a type-changed breaking'],
  ],
  [
    { allOf: [object, { anyOf: [keys('a'), keys('b')] }] },
    { allOf: [object, { oneOf: [keys('c'), keys('d')] }, { anyOf: [keys('a'), keys('b')] }] },
    ['x composition-changed breaking'],
  ],
  [{ allOf: [object, { anyOf: [keys('a'), keys('b')] }] }, object, ['x composition-changed harmless']],
  [
    { oneOf: [object, text] },
    { oneOf: [{ ...object, nullable: true }, text] },
    ['x nullable-changed harmless'],
  ],
  [{}, { anyOf: [object, text] }, ['x composition-changed breaking']],
  [{ anyOf: [object, text] }, {}, ['x composition-changed harmless']],
  [{ type: 'object', anyOf: [object, other] }, { anyOf: [object, other] }, []],
  [
    { type: 'object', anyOf: [object, other] },
    { anyOf: [object, other, text] },
    ['x type-changed harmless', 'x composition-changed harmless'],
  ],
  [
    { type: 'object', anyOf: [keys('a'), keys('b')] },
    { anyOf: [keys('a'), keys('b')] },
    ['x type-changed harmless'],
  ],
  [
    { anyOf: [{ ...object, properties: { a: { ...text, nullable: true } } }, text], nullable: true },
    { anyOf: [object, text] },
    ['x nullable-changed breaking', 'x.a nullable-changed breaking'],
  ],
  [{ anyOf: [object, other] }, object, ['x composition-changed breaking']],
  [{ anyOf: [object, text], nullable: true }, { anyOf: [object, text] }, ['x nullable-changed breaking']],
  [
    { oneOf: [person, { type: 'object', nullable: true }] },
    { anyOf: [person, { type: 'null' }] },
    ['x composition-changed harmless'],
  ],
  [{ oneOf: [object, {}] }, { oneOf: [object, { type: 'object' }] }, ['x composition-changed harmless']],
  [
    { oneOf: [text, { type: 'object' }] },
    { oneOf: [text, { type: 'object', nullable: true }] },
    ['x nullable-changed harmless'],
  ],
  [{ anyOf: [text, number] }, { type: ['number', 'string'] }, []],
  [{ anyOf: [text, { type: 'null' }] }, { type: ['string', 'null'] }, []],
  [{ anyOf: [{ $ref: '#/components/schemas/Text' }, { const: null }] }, { ...text, nullable: true }, []],
  [{ oneOf: [{ enum: ['a', null] }, { const: 'b' }] }, { ...text, enum: ['b', 'a', null] }, []],
  [{ enum: [1, 2] }, { enum: [1, 2.5] }, ['x type-changed harmless']],
  [{ enum: [[1]] }, { type: 'array' }, ['x enum-removed harmless']],
  [{ enum: [true] }, { type: 'boolean' }, ['x enum-removed harmless']],
  [{ allOf: [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }] }, { const: 'b' }, []],
  [{ allOf: [{ type: 'integer' }, number] }, { type: 'integer' }, []],
  [{ ...text, nullable: true }, { allOf: [text], nullable: true }, []],
  [
    {
      allOf: [
        { ...text, nullable: true },
        { ...text, nullable: true },
      ],
    },
    { ...text, nullable: true },
    [],
  ],
  [{ allOf: [maybe, maybe] }, { allOf: [maybe] }, []],
  [
    { allOf: [{ $ref: '#/components/schemas/Text' }, { $ref: '#/components/schemas/Text' }] },
    { allOf: [maybe, maybe] },
    ['x nullable-changed harmless'],
  ],
  [
    { anyOf: [{ allOf: [maybe, object] }, { allOf: [maybe, maybe] }] },
    { anyOf: [{ allOf: [text, object] }, { allOf: [text, text] }] },
    ['x nullable-changed breaking'],
  ],
  [{ $ref: '#/components/schemas/Text', nullable: true }, text, ['x nullable-changed breaking']],
  [text, false, ['x type-changed breaking']],
  [text, true, ['x type-changed harmless']],
  [text, {}, ['x type-changed harmless']],
  [{}, text, ['x type-changed breaking']],
  [object, { ...object, type: ['object', 'string'] }, ['x type-changed harmless']],
  [object, { type: ['object', 'string'], properties: {} }, ['x type-changed harmless']],
  [
    object,
    { ...object, type: ['object', 'string'], properties: { a: number } },
    ['x type-changed harmless', 'x.a type-changed breaking'],
  ],
  [
    { type: 'array', items: text },
    { type: ['array', 'string'], items: number },
    ['x type-changed harmless', 'x[] type-changed breaking'],
  ],
  [{ type: 'array' }, { type: 'array', items: text }, ['x[] type-changed breaking']],
  [{ type: 'object' }, { type: 'object', additionalProperties: text }, ['x constraint-changed breaking']],
  [{ type: 'object', additionalProperties: text }, { type: 'object' }, ['x constraint-changed harmless']],
  [
    { type: 'object', additionalProperties: text },
    { type: 'object', additionalProperties: number },
    ['x.* type-changed breaking'],
  ],
  [{ ...object, required: ['z'] }, object, ['x.z required-removed harmless']],
  [
    { allOf: [{ anyOf: [object, text] }, { anyOf: [object, other] }] },
    { type: 'object' },
    ['x composition-changed breaking', 'x composition-changed breaking'],
  ],
  [{ anyOf: [object, other] }, { items: text }, ['x composition-changed breaking']],
  [{ allOf: [object, other] }, { properties: { b: text } }, ['x.a property-removed breaking']],
  [
    { allOf: [object, other] },
    { properties: { a: text, b: text, c: text } },
    ['x.c property-added harmless'],
  ],
  [{ type: 'object', required: ['z'] }, { type: 'object' }, ['x.z required-removed harmless']],
  [{ type: 'object' }, { type: 'object', required: ['z'] }, ['x.z required-added breaking']],
  [
    { allOf: [object, { ...other, required: ['a'] }] },
    { properties: { a: text, b: text } },
    ['x.a required-removed harmless'],
  ],
  [
    { properties: { a: text, b: text } },
    { allOf: [object, { ...other, required: ['a'] }] },
    ['x.a required-added breaking'],
  ],
  [{ allOf: [object, { required: ['z'] }] }, object, ['x.z required-removed harmless']],
  [object, { allOf: [object, { required: ['z'] }] }, ['x.z required-added breaking']],
  [{ allOf: [object, other], required: ['z'] }, { allOf: [object, other], required: ['z'] }, []],
  [{ allOf: [person, person] }, { allOf: [person] }, []],
  [{ ...number, minimum: 1, exclusiveMinimum: true }, { ...number, exclusiveMinimum: 1 }, []],
  [{ ...number, maximum: 5 }, { ...number, maximum: 4 }, ['x constraint-changed breaking']],
  [{ ...number, maximum: 5 }, { ...number, maximum: 6 }, ['x constraint-changed harmless']],
  [{ ...number, multipleOf: 2 }, { ...number, multipleOf: 4 }, ['x constraint-changed breaking']],
  [{ ...text, pattern: '^a' }, { ...text, pattern: '^b' }, ['x constraint-changed breaking']],
  [
    { ...text, pattern: '^a' },
    { ...text, allOf: [{ pattern: '^a' }, { pattern: 'b$' }] },
    ['x constraint-changed breaking'],
  ],
  [
    { ...text, allOf: [{ pattern: '^a' }, { pattern: 'b$' }] },
    { ...text, pattern: '^a' },
    ['x constraint-changed harmless'],
  ],
  [
    { ...text, allOf: [{ format: 'a' }, { format: 'b' }] },
    { ...text, format: 'a' },
    ['x format-changed harmless'],
  ],
  [
    { ...text, format: 'a' },
    { ...text, allOf: [{ format: 'a' }, { format: 'b' }] },
    ['x format-changed breaking'],
  ],
  [{ ...text, pattern: '^a' }, text, ['x constraint-changed harmless']],
]

for (const [ours, theirs, found] of schemas) {
  t.test(
    `${JSON.stringify(ours)} and ${JSON.stringify(theirs)}: ${found.join(', ') || 'no difference'}`,
    async (t) => {
      const { differences } = driftOf(withProperty(ours), withProperty(theirs))
      t.strictSame(
        differences.map(({ path, kind, breaking }) => {
          t.ok(path.startsWith('PATCH /profiles request '))
          return `${path.replace('PATCH /profiles request ', '')} ${kind} ${breaking ? 'breaking' : 'harmless'}`
        }),
        found,
      )
    },
  )
}

const limits: [ours: unknown, theirs: unknown, messages: string[]][] = [
  [text, { allOf: [{ maxLength: 2 }, { maxLength: 50 }], ...text }, ['maxLength none → 2']],
  [number, { allOf: [{ minimum: 1 }, { minimum: 7 }, { minimum: 3 }], ...number }, ['minimum none → 7']],
  [{ allOf: [{ maxItems: 2 }, { maxItems: 50 }] }, { allOf: [{ maxItems: 2 }, { maxItems: 9 }] }, []],
  [text, { allOf: [{ pattern: '^b' }, { pattern: 'a$' }], ...text }, ['pattern none → ^b, a$']],
  [
    { allOf: [{ pattern: 'a$' }, { pattern: '^b' }] },
    { allOf: [{ pattern: '^b' }, { pattern: 'a$' }, { pattern: 'a$' }] },
    [],
  ],
  [{ allOf: [{ pattern: 'a' }, { pattern: 'b' }] }, { pattern: 'a' }, ['pattern a, b → a']],
  [
    { ...text, format: 'uri' },
    { allOf: [{ format: 'uri' }, { format: 'b' }], ...text },
    ['format uri → b, uri'],
  ],
  [{ ...text, default: [1, 2] }, { ...text, default: [1] }, ['default 1, 2 → 1']],
  [text, { allOf: [{ maxLength: 2 }, { maxLength: 'two' }], ...text }, ['maxLength none → two, 2']],
]

for (const [ours, theirs, messages] of limits) {
  t.test(`${JSON.stringify(theirs)} in place of ${JSON.stringify(ours)}: ${messages}`, async (t) => {
    const { differences } = driftOf(withProperty(ours), withProperty(theirs))
    t.strictSame(
      differences.map(({ message }) => message),
      messages,
    )
  })
}

const parameter = { name: 'q', in: 'query', schema: text }
const parameters: [ours: object[], theirs: object[], found: string[]][] = [
  [
    [parameter],
    [{ ...parameter, style: 'spaceDelimited', explode: true }],
    ['parameter q constraint-changed'],
  ],
  [[parameter], [{ name: 'q', in: 'query', content: { 'text/plain': { schema: text } } }], []],
  [[parameter], [{ name: 'q', in: 'query' }], ['parameter q type-changed']],
  [[{ ...parameter, in: 'header', name: 'X-Q' }], [{ ...parameter, in: 'header', name: 'x-q' }], []],
  [[{ ...parameter, in: 'cookie' }], [{ ...parameter, in: 'cookie', style: 'form' }], []],
  [[{ ...parameter, in: 'path', name: 'id' }], [{ ...parameter, in: 'path', name: 'key' }], []],
  [[{ ...parameter, in: 'path', name: 'id' }], [], ['parameter id parameter-removed']],
]

for (const [ours, theirs, found] of parameters) {
  t.test(
    `parameters ${JSON.stringify(ours)} and ${JSON.stringify(theirs)}: ${found.join(', ') || 'no difference'}`,
    async (t) => {
      const { differences } = driftOf(
        { paths: { '/a/{id}': { get: { parameters: ours } } } },
        { paths: { '/a/{key:\\d+}': { parameters: theirs, get: {} } } },
      )
      t.strictSame(
        differences.map(({ path, kind }) => `${path.replace('GET /a/{id} ', '')} ${kind}`),
        found,
      )
    },
  )
}

const inMind = { $ref: '#/components/schemas/Maybe' }
const ofComponents: [name: string, x: unknown, edit: (component: Loose) => unknown, message: string][] = [
  [
    'a limit, where a use adds one of its own',
    { allOf: [inMind, { minLength: 1 }] },
    (maybe) => {
      maybe.maxLength = 5
    },
    'maxLength none → 5',
  ],
  [
    'a format, where it is meant together with a description',
    { allOf: [inMind], description: 'A text' },
    (maybe) => {
      maybe.format = 'uri'
    },
    'format none → uri',
  ],
  [
    'null, where it is meant together with a description',
    { allOf: [inMind], description: 'A text' },
    (maybe) => {
      delete maybe.nullable
    },
    'no longer nullable',
  ],
  [
    'values, where a use adds a limit',
    { $ref: inMind.$ref, minLength: 1 },
    (maybe) => {
      maybe.enum = ['a']
    },
    'only certain values now: a',
  ],
]

for (const [name, x, edit, message] of ofComponents) {
  t.test(`${name}, is told of the component`, async (t) => {
    const [ours, theirs]: Loose[] = [withProperty(x), withProperty(x)]
    for (const { paths } of [ours, theirs]) {
      const { schema } = paths['/profiles'].patch.requestBody.content['application/json']
      schema.properties.y = { ...schema.properties.x }
    }
    edit(theirs.components.schemas.Maybe)
    const { differences } = driftOf(ours, theirs)
    t.strictSame(
      differences.map(({ path, alsoAt, message }) => [path, alsoAt, message]),
      [['components.schemas.Maybe', [], message]],
    )
  })
}

t.test('a limit at one of two uses of a component that are written out is told where it is', async (t) => {
  const document: Loose = inlined(openApiDocument())
  bodyOf(document).properties.profiles.items.allOf[1].additionalProperties = false
  t.strictSame(seen(document), [`${item} | constraint-changed | breaking | mock | schemas/auth-profile.ts`])
})

t.test('schemas that hold others twice at every level are compared', async (t) => {
  const levels = 40
  const doubled = (last: object) => {
    const level = (index: number) => ({ $ref: `#/components/schemas/L${index}` })
    const document: Loose = withProperty(level(levels))
    document.components.schemas.L0 = last
    for (let index = 1; index <= levels; index += 1) {
      document.components.schemas[`L${index}`] = { allOf: [level(index - 1), level(index - 1)] }
    }
    return document
  }
  const { differences } = driftOf(doubled(text), doubled({ ...text, nullable: true }))
  t.strictSame(
    differences.map(({ kind }) => kind),
    ['nullable-changed'],
  )
})

t.test('reads are missed in a document that has at least half of them, and else not compared', async (t) => {
  const reads = (missing: number) => {
    const document = JSON.parse(served)
    const calls = Object.keys(document.paths).filter((path) => path !== '/profiles')
    for (const path of calls.slice(0, missing)) delete document.paths[path]
    return driftOf(openApiDocument(), document)
  }
  const [few, many] = [reads(4), reads(7)]
  t.equal(few.differences.length, 4)
  t.strictSame(few.notCompared, [])
  t.strictSame(many.differences, [])
  t.equal(many.notCompared.length, 8)
})

t.test('paths from the host on are the same paths', async (t) => {
  const document = JSON.parse(served)
  const paths = Object.entries(document.paths).map(([path, item]) => [`/api/mind${path}`, item])
  document.paths = { ...Object.fromEntries(paths), '/api/mind/profiles/export': { get: {} } }
  t.strictSame(seen(document), ['/profiles/export | path-added | harmless | no mock | schemas/operations.ts'])
})

t.test('which file to change is not told where there are no sources', async (t) => {
  const { differences } = driftOf(openApiDocument(), { ...openApiDocument(), security: [] }, false)
  t.equal(differences.length, 1)
  t.notOk(differences.some((difference) => 'file' in difference))
  const [, table = ''] = /\n(\| where.*)/s.exec(markdownOf({ differences, notCompared: [] })) ?? []
  t.match(
    table,
    /^\| where \| what \| mock depends on it \|\n\|---\|---\|---\|\n\| `security` \| sign-in [^|]+ \| yes \|$/,
  )
  t.ok(isCheckout())
  t.notOk(isCheckout(t.testdir({})))
})
