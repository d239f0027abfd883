import t from 'tap'
import { differencesOf, patchBetween } from '../../src/values/difference.ts'
import { mergePatch } from '../../src/values/merge-patch.ts'

const rows: [name: string, before: unknown, after: unknown, differences: unknown[], patch: unknown][] = [
  ['the same', { a: 1 }, { a: 1 }, [], undefined],
  ['another value', { a: 1 }, { a: 2 }, [{ path: 'a', before: 1, after: 2 }], { a: 2 }],
  ['a new key', {}, { a: 1 }, [{ path: 'a', after: 1 }], { a: 1 }],
  ['a key that went', { a: 1, b: 2 }, { b: 2 }, [{ path: 'a', before: 1 }], { a: null }],
  [
    'deep down',
    { a: { b: { c: 1 } } },
    { a: { b: { c: 2 } } },
    [{ path: 'a.b.c', before: 1, after: 2 }],
    { a: { b: { c: 2 } } },
  ],
  ['lists whole', { a: [1, 2] }, { a: [2] }, [{ path: 'a', before: [1, 2], after: [2] }], { a: [2] }],
  ['equal lists', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, [], undefined],
  [
    'object for a value',
    { a: 1 },
    { a: { b: 1 } },
    [{ path: 'a', before: 1, after: { b: 1 } }],
    { a: { b: 1 } },
  ],
  [
    'value for an object',
    { a: { b: 1 } },
    { a: null },
    [{ path: 'a', before: { b: 1 }, after: null }],
    { a: null },
  ],
  ['an inherited name', {}, { toString: 1 }, [{ path: 'toString', after: 1 }], { toString: 1 }],
  ['nothing before', undefined, { a: 1 }, [{ path: '', after: { a: 1 } }], { a: 1 }],
]

for (const [name, before, after, differences, patch] of rows) {
  t.test(`difference: ${name}`, async (t) => {
    t.strictSame(differencesOf(before, after), differences)
    t.strictSame(patchBetween(before, after), patch)
    if (patch !== undefined && name !== 'value for an object') t.strictSame(mergePatch(before, patch), after)
  })
}
