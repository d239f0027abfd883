import t from 'tap'
import { putBack } from '../../../src/checks/verify/put-back.ts'

const json = (text: string) => JSON.parse(text)

const ways: [before: string, after: string, patch: string, stuck: string[]][] = [
  ['{"lang":"de"}', '{"lang":"de"}', '{}', []],
  ['{"lang":"de","phone":"1"}', '{"lang":"en","phone":"1"}', '{"lang":"de"}', []],
  ['{"settings":{"a":1,"b":2}}', '{"settings":{"a":2,"b":2}}', '{"settings":{"a":1}}', []],
  ['{"rawData":{"a":1}}', '{"rawData":{"a":1,"b":1}}', '{"rawData":{"b":null}}', []],
  ['{}', '{"nameAlias":"a"}', '{}', ['nameAlias']],
  ['{"rawData":{"a":null}}', '{"rawData":{}}', '{}', ['rawData']],
  ['{"rawData":{"__proto__":{"a":1},"b":1}}', '{"rawData":{"b":1}}', '{"rawData":{"__proto__":{"a":1}}}', []],
]

for (const [before, after, patch, stuck] of ways) {
  t.test(`from ${after} back to ${before}`, async (t) => {
    const way = putBack(json(before), json(after))
    t.equal(JSON.stringify(way.patch), patch)
    t.strictSame(way.stuck, stuck)
  })
}
