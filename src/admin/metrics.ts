import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Sandboxes } from '../traffic/sandboxes.ts'
import { packageInfo } from '../values/package-info.ts'

/** Of the process, however many mocks are in it. */
const ofProcess = new Registry()
collectDefaultMetrics({ register: ofProcess })

export const contentType = Registry.PROMETHEUS_CONTENT_TYPE

/**
 * [metrics.bounded] The counts as they are now, in the text format of Prometheus. Labels are operations and statuses: never a path, a
 * sandbox or what a caller sent.
 */
export async function metricsOf(sandboxes: Sandboxes): Promise<string> {
  const registers = [new Registry()]
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `enneo_mock_${name}`, help, labelNames, registers })
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `enneo_mock_${name}`, help, labelNames, registers })

  gauge('info', 'Always 1; says which version this is.', ['version']).set({ version: packageInfo.version }, 1)
  const labels = ['operation', 'status']
  const calls = counter('calls_total', "Calls of the vendor's API that were answered or broken off.", labels)
  const seconds = counter('call_seconds_total', 'What these calls took together, in seconds.', labels)
  const violations = counter('violations_total', 'Breaches of the contract that callers were told of.')
  violations.inc(0)
  for (const tallied of sandboxes.tally.list()) {
    const of = { operation: tallied.operationId ?? 'none', status: String(tallied.status ?? 'none') }
    calls.inc(of, tallied.calls)
    seconds.inc(of, tallied.milliseconds / 1000)
    violations.inc(tallied.violations)
  }
  gauge('journal_bytes', 'What the journals of all worlds hold together.').set(sandboxes.journalBytes())
  const names = await sandboxes.names().catch(() => undefined)
  gauge('store_up', '1 when the store could be reached just now, else 0.').set(names ? 1 : 0)
  if (names) gauge('sandboxes', 'Sandboxes there are, the default world aside.').set(names.length)
  const merged = Registry.merge([...registers, ofProcess])
  return merged.metrics()
}
