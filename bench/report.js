// The figures as Markdown. Ratios are of medians from the same run.
const [http, fastify, mock] = ['bare node:http', 'bare Fastify', 'this mock']

/** What must hold: this mock's figure as a multiple of the other's, at most or at least. */
const goals = [
  ['CPU of a one-item change, 10 connections', 'one.10.cpuUs', fastify, '<=', 1.6],
  ['CPU of a one-item change, 64 connections', 'one.64.cpuUs', fastify, '<=', 1.6],
  ['time of a 10,000-item change', 'bulkMs', http, '<=', 1.5],
  ['start to first answer on Node 20', 'startMs.20', fastify, '<=', 1.15],
  ['start to first answer on Node 24', 'startMs.24', fastify, '<=', 1],
  ['memory after load', 'loadMb', fastify, '<=', 1.4],
  ['one-item changes per second', 'one.10.perSecond', 'openapi-backend', '>=', 2.5],
  ['one-item changes per second', 'one.10.perSecond', 'Prism', '>=', 4],
  ['one-item changes per second', 'one.10.perSecond', 'Mockoon', '>=', 20],
]

/** The whole page: chart, goals, tables, conditions. */
export function markdown({ conditions, servers }) {
  const median = (name, key) => servers.find((server) => server.name === name)?.values[key]?.median
  const goalRows = goals.flatMap(([figure, key, than, sign, bound]) => {
    const ratio = median(mock, key) / median(than, key)
    if (Number.isNaN(ratio)) return []
    const isMet = sign === '<=' ? ratio <= bound : ratio >= bound
    return [[figure, than, `${ratio.toFixed(2)} ×`, `${sign} ${bound} ×`, isMet ? 'met' : '**missed**']]
  })

  const figure = (key) => (server) => number(server.values[key]?.median)
  const times = (key, than) => (server) => number(server.values[key]?.median / median(than, key))
  const perSecond = (call) => (server) =>
    server.instead[call] ? `answers ${server.instead[call]}` : figure(`${call}.10.perSecond`)(server)
  const latency = (connections) => (server) =>
    ['p50Ms', 'p99Ms'].map((key) => figure(`one.${connections}.${key}`)(server)).join(' / ')
  const section = (title, note, columns) => `## ${title}

${note}

${table(
  ['server', ...Object.keys(columns)],
  servers.map((server) => [server.name, ...Object.values(columns).map((show) => show(server))]),
)}
`
  const starts = ['20', '22', '24'].filter((major) => median(mock, `startMs.${major}`) !== undefined)
  const startColumns = starts.flatMap((major) => [
    [`start on Node ${major}, ms`, figure(`startMs.${major}`)],
    [`÷ bare Fastify, Node ${major}`, times(`startMs.${major}`, fastify)],
  ])

  return `# Benchmark

Made by \`npm run bench\`: medians of ${conditions.rounds} alternating rounds on one machine. Ratios carry over to others, figures do not.

One-item changes per second, 10 connections:

${bars(servers.map(({ name, values }) => [name, values['one.10.perSecond'].median]))}

## Goals

${table(['figure', 'beside', 'ratio', 'goal', ''], goalRows)}

${section(
  'A change of one profile',
  "At 1, 10 and 64 connections; CPU is the server's, user and system, per request.",
  {
    'CPU µs, 10': figure('one.10.cpuUs'),
    '÷ bare Fastify': times('one.10.cpuUs', fastify),
    'CPU µs, 64': figure('one.64.cpuUs'),
    'per second, 1': figure('one.1.perSecond'),
    'per second, 10': figure('one.10.perSecond'),
    'per second, 64': figure('one.64.perSecond'),
    'p50 / p99 ms, 1': latency(1),
    'p50 / p99 ms, 10': latency(10),
    'p50 / p99 ms, 64': latency(64),
  },
)}
${section(
  'Other calls',
  'Per second at 10 connections, where the server gives the status that is due. The pages differ: other mocks answer with one example.',
  {
    '100 items': perSecond('hundred'),
    '400, a wrong type': perSecond('invalid'),
    '401, no sign-in': perSecond('unsigned'),
    '403, no permission': perSecond('forbidden'),
    'GET /profiles': perSecond('page'),
  },
)}
${section('10,000 items in one call', 'One call after the other.', {
  ms: figure('bulkMs'),
  '÷ bare node:http': times('bulkMs', http),
  'CPU ms': figure('bulkCpuMs'),
  'results in the answer': figure('bulkResults'),
})}
${section(
  'Start, memory, size',
  'From the start of the process to its first answer; memory is the resident set; a Java runtime is not counted in the size.',
  {
    ...Object.fromEntries(startColumns),
    'MB after start': figure('startMb'),
    'MB after load': figure('loadMb'),
    '÷ bare Fastify': times('loadMb', fastify),
    'MB installed': ({ installedMb }) => number(installedMb),
  },
)}
## Conditions

- ${conditions.date}, commit ${conditions.commit}; ${conditions.machine}, shared by generator and servers.
- Load from ${conditions.generator}, ${conditions.seconds} s for each figure after a warm-up.
- This mock as it starts by itself: sign-in, CORS, validation, merge, journal and coverage on. Bare servers parse the body and confirm each item.
- The others have the document that this mock serves, and no logs. What they needed of our own code is in bench/servers and bench/servers.js.
- The change has no \`settings\`: Prism, openapi-backend and Scalar's server refuse all of them.
- Under load: ${servers.map(({ name, packages, runsOn }) => `${name} (${[packages, runsOn].filter(Boolean).join(', ')})`).join(', ')}.
`
}

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')
}

function bars(entries) {
  const sorted = entries.toSorted(([, a], [, b]) => b - a)
  const line = ([name, amount]) =>
    `${name.padEnd(22)}${'█'.repeat(Math.ceil((amount / sorted[0][1]) * 50))} ${number(amount)}`
  return ['```', ...sorted.map(line), '```'].join('\n')
}

export function number(value) {
  if (value === undefined || Number.isNaN(value)) return '-'
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value < 10 ? 2 : 1)
}
