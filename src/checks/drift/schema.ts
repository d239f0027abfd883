import { type JsonObject, listOf, objectOf } from '../../values/json.ts'
import { type Child, type Node, type Part, partsBelow, samePath } from './node.ts'
import { landingOf, type Place, placeIn, propertyPath, textsOf } from './place.ts'
import { admitsNull, allOf, type Choice, common, type Facts, type Said, saidBy } from './said.ts'

type Schema = Part & { place: Place; said: Said }

/** The canonical form of a value that all of these schemas describe. */
export function schemaNode(places: readonly Place[]): Node {
  const found = new Map<JsonObject, Schema>()
  for (const [index, place] of places.entries()) gather(place, String(index), found)
  const parts = [...found.values()] as [Schema, ...Schema[]]
  const { nullable: _own, ...facts } = Object.fromEntries(allOf(parts.map(({ facts }) => facts)))
  const isNullable = places.every((place) => admitsNull(place))
  return {
    parts,
    facts: new Map(
      Object.entries({ ...(isNullable && { nullable: true }), composition: 'said plainly', ...facts }),
    ),
    implied: parts.map(({ implied }) => implied).reduce(commonOf),
    children: () => [
      ...parts.flatMap((owner) => owner.said.choices.map((choice) => choiceIn(parts, owner, choice))),
      ...namesIn(parts).map((name) => propertyIn(parts, name)),
      ...below(parts, 'items', '[]', ({ items }) => items !== undefined),
      ...below(parts, 'additionalProperties', '.*', (schema) => hasKeys(schema.additionalProperties)),
    ],
  }
}

/** The schema itself and all that hold together with it, each once. */
function gather(use: Place, position: string, found: Map<JsonObject, Schema>): void {
  const place = landingOf(use)
  if (found.has(place.value)) return
  const said = saidBy(place)
  const implied = said.choices.map(typesOfChoice).reduce(commonOf, undefined)
  const { pointer: id, path } = place
  found.set(place.value, { id, path, position, facts: said.facts, implied, place, said })
  for (const [index, next] of said.together.entries()) gather(next, `${position}/${index}`, found)
}

function typesOfChoice({ branches }: Choice): string[] | undefined {
  const types = branches.map((branch) => {
    const found = new Map<JsonObject, Schema>()
    gather(branch, '', found)
    return allOf([...found.values()].map(({ facts }) => facts)).get('type') as string[] | undefined
  })
  return types.every((some) => some !== undefined) ? [...new Set(types.flat())].sort() : undefined
}

const commonOf = (a: string[] | undefined, b: string[] | undefined) => (a && b ? common(a, b) : (a ?? b))

const hasKeys = (value: unknown) => Object.keys(objectOf(value)).length > 0

type Schemas = readonly [Schema, ...Schema[]]

function choiceIn(parts: Schemas, owner: Schema, { keyword, branches }: Choice): Child {
  const child = { step: JSON.stringify([keyword, ...branches.map(({ value }) => value)]), pathFrom: samePath }
  const facts: Facts = new Map([
    ['composition', { keyword, count: branches.length, text: `${keyword} ${branches.length} schemas` }],
  ])
  return {
    ...child,
    alike: 'choice',
    node: {
      presence: 'composition',
      parts: partsBelow({ parts }, { ...child, step: 'choice' }, (part) =>
        part === owner ? facts : new Map(),
      ),
      facts,
      children: () =>
        branches.map((branch, index) => ({
          step: `${index} of ${branches.length}`,
          pathFrom: samePath,
          isOptional: true,
          node: schemaNode([branch]),
        })),
    },
  }
}

const declares = (name: string, { place }: Schema) => Object.hasOwn(objectOf(place.value.properties), name)
const requires = (name: string, { place }: Schema) => listOf(place.value.required).includes(name)

const namesIn = (parts: Schemas): string[] => [
  ...new Set(
    parts.flatMap(({ place: { value } }) => [
      ...Object.keys(objectOf(value.properties)),
      ...textsOf(value.required),
    ]),
  ),
]

function propertyIn(parts: Schemas, name: string): Child {
  const child = { step: `.${name}`, pathFrom: (path: string) => propertyPath(path, name) }
  const declared = parts
    .filter((part) => declares(name, part))
    .map(({ place }) => ({ ...placeIn(place, ['properties', name]), path: child.pathFrom(place.path) }))
  const schema = declared.length > 0 ? schemaNode(declared) : undefined
  const said = (isDeclared: boolean, isRequired: boolean): Facts =>
    new Map([
      ...(isDeclared ? ([['property', schema?.facts.get('type') ?? 'any type']] as const) : []),
      ...(isRequired ? ([['required', true]] as const) : []),
    ])
  return {
    ...child,
    node: {
      presence: 'property',
      parts: partsBelow({ parts }, child, (_, index) => {
        const part = parts[index] as Schema
        return said(declares(name, part), requires(name, part))
      }),
      facts: said(
        schema !== undefined,
        parts.some((part) => requires(name, part)),
      ),
      isReadOnly: schema?.facts.has('read-only') ?? false,
      isWriteOnly: schema?.facts.has('write-only') ?? false,
      children: () => (schema ? [{ step: 'schema', pathFrom: samePath, node: schema }] : []),
    },
  }
}

/** What all entries of a list, or all other keys, are. */
function below(
  parts: Schemas,
  keyword: string,
  step: string,
  isSaid: (schema: JsonObject) => boolean,
): Child[] {
  const places = parts
    .filter(({ place }) => isSaid(place.value))
    .map(({ place }) => placeIn(place, [keyword], step))
  const pathFrom = (path: string) => path + step
  const isOptional = step !== '[]'
  return places.length > 0 ? [{ step, pathFrom, isOptional, node: schemaNode(places) }] : []
}
