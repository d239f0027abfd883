// What sends the load: wrk, which outruns every server here; autocannon where wrk is missing.
import { execFile, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import autocannon from 'autocannon'
import { scratch } from './servers.js'

const hasWrk = spawnSync('wrk', ['-v']).error === undefined
export const generator = hasWrk ? 'wrk' : 'autocannon, as wrk is missing: slower than some servers here'

/** Keeps so many connections busy: `{requests, seconds, p50Ms, p99Ms}`. Every answer must have the call's status. */
export async function fire(server, call, connections, seconds) {
  const send = hasWrk ? withWrk : withAutocannon
  const { failed, refused, ...result } = await send(server.url + call.path, call, connections, seconds)
  const isAsTold = refused === (call.status < 400 ? 0 : result.requests)
  if (failed > 0 || result.requests === 0 || !isAsTold) {
    throw new Error(`${failed} of ${result.requests} calls to ${server.url} failed, ${refused} were refused`)
  }
  return result
}

async function withWrk(url, { method, headers, body = '' }, connections, seconds) {
  const headerLines = Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`)
  const script = `wrk.method = "${method}"
wrk.body = [==[${body}]==]
${headerLines.join('\n')}
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"refused":%d,"failed":%d,"p50Ms":%f,"p99Ms":%f}',
    summary.requests, summary.duration / 1e6, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end`
  const file = join(scratch, 'call.lua')
  writeFileSync(file, script)
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '60s', '-s', file, url]
  const { stdout } = await promisify(execFile)('wrk', args)
  return JSON.parse(stdout.slice(stdout.lastIndexOf('{')))
}

async function withAutocannon(url, { method, headers, body }, connections, seconds) {
  const result = await autocannon({ url, method, headers, body, connections, duration: seconds })
  const { requests, duration, non2xx: refused, errors: failed, latency } = result
  return {
    requests: requests.total,
    seconds: duration,
    refused,
    failed,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
  }
}
