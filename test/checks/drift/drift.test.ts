import { readFileSync } from 'node:fs'
import t from 'tap'
import { driftOf } from '../../../src/checks/drift/drift.ts'
import { markdownOf } from '../../../src/checks/drift/report.ts'
import { openApiDocument } from '../../../src/contract/openapi.ts'
import type { JsonObject } from '../../../src/values/json.ts'
import { isCheckout } from '../../../src/values/package-info.ts'
import { inlined, type Loose, type Parts, partsOf, upgraded } from '../../support/openapi-variants.ts'

const published = readFileSync(
  new URL('../../../fixtures/contract/published-structure.json', import.meta.url),
  'utf8',
)
const contract = openApiDocument()
const served = JSON.stringify(contract)

const shapes: [name: string, change: (document: JsonObject) => JsonObject][] = [
  ['as it is', (document) => document],
  ['in OpenAPI 3.1', upgraded],
  ['without references', inlined],
]

const seen = (document: JsonObject) =>
  driftOf(contract, document).differences.map(({ path, kind, breaking, mockDepends }) =>
    [
      path.replace('components.schemas.', '').replace('MindProfile.settings', 'settings'),
      kind,
      breaking ? 'breaking' : 'harmless',
      ...(mockDepends ? [] : ['no mock']),
    ].join(' '),
  )

type Edit = [
  name: string,
  edit: (parts: Parts) => unknown,
  found: string | string[],
  /** Where that differs in the document that is served, because it shows the part in answers too. */
  foundInServed?: string | string[],
]

/** For the published structure and for the document that is served. */
const edits: Edit[] = [
  [
    'a property is added',
    ({ auth }) => (auth.pronouns = { type: 'string' }),
    'AuthProfile.pronouns property-added harmless',
  ],
  [
    'a property of the settings is added',
    ({ settings }) => (settings.shift = { type: 'string' }),
    'settings.shift property-added harmless',
  ],
  ['a property is removed', ({ auth }) => delete auth.lang, 'AuthProfile.lang property-removed breaking'],
  [
    'a property that refers is removed',
    ({ settings }) => delete settings.callRoutingStatus,
    'settings.callRoutingStatus property-removed breaking',
  ],
  [
    'a read-only property is removed',
    ({ settings }) => delete settings.actualRoleId,
    'settings.actualRoleId property-removed harmless',
  ],
  [
    'a read-only property is added',
    ({ settings }) => (settings.actualShift = { type: 'string', readOnly: true }),
    'settings.actualShift property-added harmless',
  ],
  [
    'a boolean becomes an integer',
    ({ settings }) => (settings.inheritTeamSettings.type = 'integer'),
    'settings.inheritTeamSettings type-changed breaking',
  ],
  [
    'an integer becomes any number',
    ({ settings }) => (settings.roleId.type = 'number'),
    'settings.roleId type-changed harmless',
  ],
  [
    'any number becomes an integer',
    ({ settings }) => (settings.ticketsFilters.properties.groups.items.type = 'integer'),
    'settings.ticketsFilters.groups[] type-changed breaking',
  ],
  [
    'an array becomes a single value',
    ({ settings }) => (settings.tagsOnRoute = { type: 'integer' }),
    'settings.tagsOnRoute type-changed breaking',
  ],
  [
    'an array may hold anything',
    ({ settings }) => delete settings.teamIds.items,
    'settings.teamIds[] type-changed harmless',
  ],
  [
    'an object becomes anything',
    ({ settings }) => (settings.ticketsFilters = {}),
    'settings.ticketsFilters type-changed harmless',
  ],
  [
    'one of two declarations changes its type',
    ({ auth }) => (auth.id.type = 'string'),
    'AuthProfile.id type-changed breaking',
  ],
  [
    'one of two declarations is removed',
    ({ auth }) => delete auth.id,
    'AuthProfile.id property-removed harmless',
  ],
  [
    'a property is declared a second time',
    ({ mindProfile }) => (mindProfile.properties.lang = { type: 'string' }),
    'MindProfile.lang property-added harmless',
  ],
  [
    'a value is removed',
    ({ auth }) => (auth.isSsoOnly.enum = [0]),
    'AuthProfile.isSsoOnly enum-value-removed breaking',
  ],
  [
    'a value of a component is removed',
    ({ routing }) => routing.enum.pop(),
    'RoutingStatus enum-value-removed breaking',
  ],
  [
    'a value of a component is added',
    ({ routing }) => routing.enum.push('away'),
    'RoutingStatus enum-value-added harmless',
    'RoutingStatus enum-value-added breaking',
  ],
  [
    'two values come and one goes',
    ({ routing }) => routing.enum.splice(0, 1, 'away', 'late'),
    [
      'RoutingStatus enum-value-removed breaking',
      'RoutingStatus enum-value-added harmless',
      'RoutingStatus enum-value-added harmless',
    ],
    [
      'RoutingStatus enum-value-removed breaking',
      'RoutingStatus enum-value-added breaking',
      'RoutingStatus enum-value-added breaking',
    ],
  ],
  [
    'any value is allowed',
    ({ settings }) => delete settings.status.enum,
    'settings.status enum-removed harmless',
  ],
  [
    'only some values are allowed',
    ({ auth }) => (auth.type.enum = ['enneo', 'user']),
    'AuthProfile.type enum-added breaking',
  ],
  [
    'a property becomes required',
    ({ mindProfile }) => (mindProfile.required = ['id']),
    'MindProfile.id required-added breaking',
  ],
  [
    'a property that nothing describes becomes required',
    ({ authProfile }) => (authProfile.required = ['tenant']),
    'AuthProfile.tenant required-added breaking',
  ],
  [
    'one of two declarations becomes required',
    ({ authProfile }) => (authProfile.required = ['id']),
    'AuthProfile.id required-added breaking',
  ],
  [
    'a property becomes required in one use of the components',
    ({ body }) => (body.properties.profiles.items.required = ['lang']),
    'PATCH /profiles request profiles[].lang required-added breaking',
  ],
  [
    'a read-only property becomes required',
    ({ mindProfile }) => (mindProfile.properties.settings.oneOf[0].required = ['actualRoleId']),
    'settings.actualRoleId required-added harmless',
  ],
  [
    'the list of items is no longer required',
    ({ body }) => delete body.required,
    'PATCH /profiles request profiles required-removed harmless',
  ],
  [
    'a required property is added',
    ({ body }) => {
      body.properties.reason = { type: 'string' }
      body.required.push('reason')
    },
    'PATCH /profiles request reason property-added breaking',
  ],
  [
    'custom data becomes nullable',
    ({ body }) => (body.properties.profiles.items.allOf[2].properties.rawData.nullable = true),
    'PATCH /profiles request profiles[].rawData nullable-changed harmless',
  ],
  [
    'the settings are an object that can be null',
    ({ mindProfile }) =>
      (mindProfile.properties.settings = {
        ...mindProfile.properties.settings.oneOf[0],
        nullable: true,
      }),
    'settings composition-changed harmless',
  ],
  [
    'the settings are an object or the type null',
    ({ mindProfile }) => (mindProfile.properties.settings.oneOf[1] = { type: 'null' }),
    'settings composition-changed harmless',
  ],
  [
    'the settings are any of the two',
    ({ mindProfile }) => {
      const { oneOf } = mindProfile.properties.settings
      mindProfile.properties.settings = { anyOf: oneOf }
    },
    'settings composition-changed harmless',
  ],
  [
    'the settings have a third alternative',
    ({ mindProfile }) =>
      mindProfile.properties.settings.oneOf.push({
        type: 'object',
        properties: { preset: { type: 'string' } },
      }),
    'settings composition-changed harmless',
  ],
  [
    'alternatives are asked for beside the properties, and two of those change',
    ({ authProfile }) => {
      const profile = authProfile
      profile.oneOf = [{ required: ['firstName'] }, { required: ['lastName'] }]
      delete profile.properties.lang
      profile.properties.phone.type = 'integer'
    },
    [
      'AuthProfile composition-changed breaking',
      'AuthProfile.phone type-changed breaking',
      'AuthProfile.lang property-removed breaking',
    ],
  ],
  [
    'the settings cannot be null: no second alternative',
    ({ mindProfile }) => mindProfile.properties.settings.oneOf.pop(),
    'settings nullable-changed breaking',
  ],
  [
    'the settings cannot be null: no alternative that is',
    ({ mindProfile }) => delete mindProfile.properties.settings.oneOf[1].nullable,
    'settings nullable-changed breaking',
  ],
  [
    'a property is no longer read only',
    ({ settings }) => delete settings.actualRoleId.readOnly,
    'settings.actualRoleId read-only-changed harmless',
  ],
  [
    'a property becomes read only',
    ({ auth }) => (auth.email.readOnly = true),
    'AuthProfile.email read-only-changed breaking',
  ],
  [
    'a property is no longer write only',
    ({ auth }) => delete auth.password.writeOnly,
    'AuthProfile.password write-only-changed harmless',
  ],
  ['a format is gone', ({ auth }) => delete auth.image.format, 'AuthProfile.image format-changed harmless'],
  [
    'a format is added',
    ({ auth }) => (auth.email.format = 'email'),
    'AuthProfile.email format-changed breaking',
  ],
  [
    'a text is limited',
    ({ auth }) => (auth.phone.maxLength = 30),
    'AuthProfile.phone constraint-changed breaking',
  ],
  [
    'no other keys are allowed',
    ({ body }) => (body.additionalProperties = false),
    'PATCH /profiles request constraint-changed breaking',
  ],
  [
    'a component allows no other keys',
    ({ authProfile }) => (authProfile.additionalProperties = false),
    'AuthProfile constraint-changed breaking',
  ],
  [
    'two components are limited',
    ({ authProfile, mindProfile }) => {
      authProfile.minProperties = 1
      mindProfile.minProperties = 1
    },
    ['MindProfile constraint-changed breaking', 'AuthProfile constraint-changed breaking'],
  ],
  [
    'a component becomes read only',
    ({ authProfile }) => (authProfile.readOnly = true),
    'AuthProfile read-only-changed breaking',
  ],
  [
    'a component becomes a text',
    ({ authProfile }) => (authProfile.type = 'string'),
    'AuthProfile type-changed breaking',
  ],
  [
    'one use of the components allows no other keys',
    ({ body }) => (body.properties.profiles.items.additionalProperties = false),
    'PATCH /profiles request profiles[] constraint-changed breaking',
  ],
  [
    'the body is not required',
    ({ update }) => (update.requestBody.required = false),
    'PATCH /profiles request required-removed harmless',
  ],
  [
    'there is no body',
    ({ update }) => delete update.requestBody,
    'PATCH /profiles request request-body-removed breaking',
  ],
  [
    'the body has another media type',
    ({ update, body }) => (update.requestBody.content = { 'application/merge-patch+json': { schema: body } }),
    'PATCH /profiles request media-type-changed breaking',
  ],
  [
    'the answer has a second media type',
    ({ update }) => (update.responses[200].content['text/csv'] = { schema: { type: 'string' } }),
    'PATCH /profiles response 200 media-type-added harmless no mock',
  ],
  [
    'an answer has no content',
    ({ update }) => delete update.responses[403].content,
    'PATCH /profiles response 403 media-type-removed breaking',
  ],
  [
    'a status is added',
    ({ update }) => (update.responses[429] = { description: 'Slow down' }),
    'PATCH /profiles response 429 status-added harmless no mock',
  ],
  [
    'a refusal is removed',
    ({ update }) => delete update.responses[403],
    'PATCH /profiles response 403 status-removed harmless',
  ],
  [
    'the success is removed',
    ({ update }) => delete update.responses[200],
    'PATCH /profiles response 200 status-removed breaking',
  ],
  [
    'an answer loses a property',
    ({ answer }) => delete answer(200).properties.results.items.properties.success,
    'PATCH /profiles response 200 results[].success property-removed breaking',
  ],
  [
    'an answer gets a property',
    ({ answer }) => (answer(403).properties.message = { type: 'string' }),
    'PATCH /profiles response 403 message property-added harmless no mock',
  ],
  [
    'an answer no longer promises a property',
    ({ answer }) => delete answer(200).required,
    'PATCH /profiles response 200 results required-removed breaking no mock',
  ],
  [
    'an answer promises a property',
    ({ answer }) => (answer(400).required = ['results']),
    'PATCH /profiles response 400 results required-added harmless',
  ],
  [
    'a property of an answer becomes write only',
    ({ answer }) => (answer(403).properties.success.writeOnly = true),
    'PATCH /profiles response 403 success write-only-changed breaking',
  ],
  [
    'the path is gone',
    ({ document }) => delete document.paths['/profiles'],
    '/profiles path-removed breaking',
  ],
  [
    'the operation is gone',
    ({ document }) => delete document.paths['/profiles'].patch,
    '/profiles path-removed breaking',
    'PATCH /profiles operation-removed breaking',
  ],
  [
    'a path is added',
    ({ document }) => (document.paths['/profiles/export'] = { get: {}, post: {} }),
    '/profiles/export path-added harmless no mock',
  ],
  [
    'an operation is added',
    ({ document }) => (document.paths['/profiles'].post = { responses: {} }),
    'POST /profiles operation-added harmless no mock',
  ],
  [
    'a parameter is added',
    ({ update }) => (update.parameters = [{ name: 'dryRun', in: 'query', schema: { type: 'boolean' } }]),
    'PATCH /profiles parameter dryRun parameter-added harmless',
  ],
  [
    'a required parameter is added for the path',
    ({ document }) =>
      (document.paths['/profiles'].parameters = [
        { name: 'X-Tenant', in: 'header', required: true, schema: { type: 'string' } },
      ]),
    'PATCH /profiles parameter X-Tenant parameter-added breaking',
  ],
  [
    'the session cookie has another name',
    ({ document }) => (document.components.securitySchemes.cookieAuth.name = 'sid'),
    'components.securitySchemes.cookieAuth security-changed breaking',
  ],
  [
    'the cookie is not accepted any more',
    ({ document }) => document.security.pop(),
    'security security-changed breaking',
  ],
  [
    'a scheme is referred to and gone',
    ({ document }) => delete document.components.securitySchemes.cookieAuth,
    'components.securitySchemes.cookieAuth security-changed breaking',
  ],
  [
    'another way to sign in is added',
    ({ document }) => document.security.push({ apiKey: [] }),
    'security security-changed harmless',
  ],
  [
    'anybody may call',
    ({ update }) => (update.security = []),
    'PATCH /profiles security security-changed harmless',
  ],
  [
    'both credentials are needed',
    ({ document }) => (document.security = [{ bearerAuth: ['api'], cookieAuth: ['api'] }]),
    'security security-changed breaking',
  ],
  [
    'another way to sign in is added, with its scheme',
    ({ document }) => {
      document.components.securitySchemes.key = { type: 'apiKey', in: 'header', name: 'X-Key' }
      document.security.push({ key: [] })
    },
    'security security-changed harmless',
  ],
]

/** Only the document that is served has these parts. */
const editsOfServed: Edit[] = [
  ['a read is gone', ({ document }) => delete document.paths['/roles'], '/roles path-removed breaking'],
  [
    'one of two operations on a path is gone',
    ({ document }) => delete document.paths['/profile/{id}'].get,
    'GET /profile/{id} operation-removed breaking',
  ],
  [
    'a parameter is removed',
    ({ search }) => search.parameters.shift(),
    'GET /profiles parameter q parameter-removed breaking',
  ],
  [
    'a parameter changes its type',
    ({ search }) => (search.parameters[0].schema.type = 'integer'),
    'GET /profiles parameter q type-changed breaking',
  ],
  [
    'a parameter becomes required',
    ({ search }) => (search.parameters[0].required = true),
    'GET /profiles parameter q required-added breaking',
  ],
  [
    'a parameter moves',
    ({ search }) => (search.parameters[0].in = 'header'),
    'GET /profiles parameter q parameter-location-changed breaking',
  ],
  [
    'a list is sent otherwise',
    ({ search }) => (search.parameters[1].explode = false),
    'GET /profiles parameter userIds[] constraint-changed breaking',
  ],
  [
    'a default changes',
    ({ search }) => (search.parameters.find(({ name }: Loose) => name === 'limit').schema.default = 50),
    'GET /profiles parameter limit constraint-changed harmless',
  ],
  [
    'a lower bound falls',
    ({ search }) => (search.parameters.find(({ name }: Loose) => name === 'limit').schema.minimum = 0),
    'GET /profiles parameter limit constraint-changed harmless',
  ],
  [
    'a lower bound rises',
    ({ search }) => (search.parameters.find(({ name }: Loose) => name === 'limit').schema.minimum = 10),
    'GET /profiles parameter limit constraint-changed breaking',
  ],
  [
    'a read asks for no sign-in',
    ({ document }) => (document.paths['/roles'].get.security = []),
    'GET /roles security security-changed harmless',
  ],
  [
    'an operation asks for a body',
    ({ document }) =>
      (document.paths['/roles'].get.requestBody = { required: true, content: { 'application/json': {} } }),
    'GET /roles request request-body-added breaking',
  ],
  [
    'an answer of a read can be null',
    ({ document }) =>
      (document.paths['/roles'].get.responses[200].content[
        'application/json'
      ].schema.properties.roles.nullable = true),
    'GET /roles response 200 roles nullable-changed breaking no mock',
  ],
  [
    'an answer of a read is no longer null',
    ({ document }) =>
      delete document.paths['/roles/{id}'].get.responses[200].content['application/json'].schema.properties
        .baseRoleId.nullable,
    'GET /roles/{id} response 200 baseRoleId nullable-changed harmless',
  ],
]

function testEdit([name, edit, found]: Edit, base: string, text: string, kinds = shapes): void {
  t.test(`${name}, in ${base}`, async (t) => {
    for (const [shape, change] of kinds) {
      const document = JSON.parse(text)
      edit(partsOf(document))
      t.strictSame(seen(change(document)), [found].flat(), shape)
    }
  })
}

for (const [name, edit, found, foundInServed = found] of edits) {
  testEdit([name, edit, found], 'the published structure', published)
  testEdit([name, edit, foundInServed], 'the document that is served', served)
}
for (const edit of editsOfServed) testEdit(edit, 'the document that is served', served)

/** Means something else without references. */
const oneUse: Edit = [
  'one use of a component becomes any text',
  ({ settings }) => (settings.callRoutingStatus = { type: 'string' }),
  'settings.callRoutingStatus enum-removed harmless',
]
testEdit(oneUse, 'the document that is served', served, shapes.slice(0, 2))
testEdit(oneUse, 'the published structure', published, shapes.slice(0, 2))

const harmless: [name: string, edit: (parts: Parts) => unknown][] = [
  [
    'prose',
    ({ update, document, authProfile, auth }) => {
      document.info = { title: 'Another', version: '2' }
      document.servers = []
      document.tags = [{ name: 'Other' }]
      Object.assign(update, {
        summary: 'New words',
        tags: [],
        operationId: 'other',
        deprecated: true,
      })
      Object.assign(authProfile, { title: 'Person', description: 'New words', 'x-order': 1 })
      Object.assign(auth.lang, {
        example: 'en',
        description: 'New words',
        deprecated: true,
      })
    },
  ],
  [
    'another name for a component',
    ({ body, document }) => {
      const { schemas } = document.components
      schemas.Person = schemas.AuthProfile
      delete schemas.AuthProfile
      body.properties.profiles.items.allOf[1].$ref = '#/components/schemas/Person'
      renameInServed(document, 'AuthProfile', 'Person')
    },
  ],
  [
    'a property that moved to another branch',
    ({ auth, mindProfile }) => {
      mindProfile.properties.lang = auth.lang
      delete auth.lang
    },
  ],
  [
    'branches put together into one object',
    ({ body, document }) => {
      const { items } = body.properties.profiles
      const properties = items.allOf.flatMap(({ $ref, ...own }: Loose) =>
        $ref
          ? Object.entries(document.components.schemas[$ref.split('/').pop()].properties)
          : Object.entries(own.properties),
      )
      body.properties.profiles.items = {
        type: 'object',
        properties: Object.fromEntries(properties),
      }
    },
  ],
  ['branches in another order', ({ body }) => body.properties.profiles.items.allOf.reverse()],
  [
    'a component that nothing uses',
    ({ document }) => {
      document.components.schemas.Unused = { type: 'string' }
    },
  ],
  ['values in another order', ({ routing }) => routing.enum.reverse()],
  [
    'values as constants',
    ({ settings }) => {
      const { status } = settings
      status.oneOf = [{ const: 'available', title: 'here' }, { const: 'busy' }]
      delete status.enum
      delete status.type
    },
  ],
  ['values without their type', ({ routing }) => delete routing.type],
  ['an object without its type', ({ answer }) => delete answer(200).type],
  [
    'another name for a scheme',
    ({ document }) => {
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
    ({ update, document }) => {
      update.security = document.security
    },
  ],
  [
    'a charset',
    ({ update }) => {
      const answer = update.responses[200]
      answer.content = { 'Application/JSON; charset=utf-8': answer.content['application/json'] }
    },
  ],
  [
    'a body and an answer as components',
    ({ update, document }) => {
      document.components.requestBodies = { Update: update.requestBody }
      document.components.responses = { Refused: update.responses[403] }
      update.requestBody = { $ref: '#/components/requestBodies/Update' }
      update.responses[403] = { $ref: '#/components/responses/Refused' }
    },
  ],
  [
    'a base64 text in the words of OpenAPI 3.1',
    ({ auth }) => {
      const { image } = auth
      image.contentEncoding = image.format
      delete image.format
    },
  ],
  [
    'rules that say nothing',
    ({ authProfile, settings, answer }) => {
      Object.assign(authProfile, { additionalProperties: true })
      Object.assign(settings.teamIds, { uniqueItems: false })
      answer(200).allOf = [{}]
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
      edit(partsOf(document))
      t.strictSame(seen(document), [])
    })
  }
}

/** A contract with one property in the request, and one like it with something else in its place. */
const withProperty = (schema: unknown): JsonObject => ({
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
  const document: Loose = inlined(contract)
  const [, use] =
    document.paths['/profiles'].patch.requestBody.content['application/json'].schema.properties.profiles.items
      .allOf
  use.additionalProperties = false
  t.strictSame(seen(document), ['PATCH /profiles request profiles[] constraint-changed breaking'])
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
    return driftOf(contract, document)
  }
  const [few, many] = [reads(4), reads(12)]
  t.equal(few.differences.length, 4)
  t.strictSame(few.notCompared, [])
  t.strictSame(many.differences, [])
  t.equal(many.notCompared.length, 13)
})

t.test('paths from the host on are the same paths', async (t) => {
  const document = JSON.parse(served)
  const paths = Object.entries(document.paths).map(([path, item]) => [`/api/mind${path}`, item])
  document.paths = { ...Object.fromEntries(paths), '/api/mind/profiles/export': { get: {} } }
  t.strictSame(seen(document), ['/profiles/export path-added harmless no mock'])
})

t.test('which file to change is not told where there are no sources', async (t) => {
  const { differences } = driftOf(contract, { ...contract, security: [] }, false)
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
