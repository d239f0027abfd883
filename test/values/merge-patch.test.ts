import t from 'tap'
import { mergePatch, type Owned } from '../../src/values/merge-patch.ts'
import { deepFrozen } from '../support/seeds.ts'

/** RFC 7396, appendix A. */
const appendix: [target: string, patch: string, result: string][] = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', 'null', 'null'],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
]

for (const [target, patch, result] of appendix) {
  t.test(`${target} patched with ${patch} is ${result}`, async (t) => {
    const [before, change] = [deepFrozen(JSON.parse(target)), deepFrozen(JSON.parse(patch))]
    t.strictSame(mergePatch(before, change), JSON.parse(result))
    t.equal(JSON.stringify(before), target, 'the target is not changed')
    t.equal(JSON.stringify(change), patch, 'the patch is not changed')
  })
}

const inherited = ['toString', 'hasOwnProperty', 'constructor', 'valueOf', 'prototype']

for (const key of inherited) {
  t.test(`the key ${key} is data like any other`, async (t) => {
    const patch = JSON.parse(`{${JSON.stringify(key)}:{"polluted":1}}`)
    const merged = mergePatch({ kept: true }, patch) as object
    t.strictSame(Object.keys(merged), ['kept', key])
    t.strictSame(Object.getOwnPropertyDescriptor(merged, key)?.value, { polluted: 1 })
    t.equal(Object.getPrototypeOf(merged), Object.prototype)
    t.strictSame(Object.keys(mergePatch(merged, JSON.parse(`{${JSON.stringify(key)}:null}`)) as object), [
      'kept',
    ])
  })
}

t.test('a target with a key __proto__ of its own keeps it, and no prototype is reached', async (t) => {
  const merged = mergePatch(JSON.parse('{"__proto__":{"polluted":1}}'), { a: 1 }) as object
  t.equal(JSON.stringify(merged), '{"__proto__":{"polluted":1},"a":1}')
  t.notOk('polluted' in merged)
})

t.test('patches of one call change one copy, at every depth, and never what they were given', async (t) => {
  const before = deepFrozen({ a: { b: 1 } })
  const owned: Owned = new Set()
  const first = mergePatch(before, { a: { c: 2 }, d: {} }, owned) as { a: object; d: object }
  const { a, d } = first
  const second = mergePatch(first, { a: { b: null }, d: { e: 3 } }, owned) as typeof first
  t.equal(second, first)
  t.equal(second.a, a)
  t.equal(second.d, d)
  t.strictSame(second, { a: { c: 2 }, d: { e: 3 } })
  t.strictSame(before, { a: { b: 1 } })
})
