import type { FastifyInstance } from 'fastify'
import { TrafficSettings } from '../../schemas/admin.ts'
import { Fault } from '../../schemas/fault.ts'
import { ScenarioChoice } from '../../schemas/scenario.ts'
import { chooseScenario, type Sandbox } from '../traffic/sandboxes.ts'
import { scenarios } from '../traffic/scenarios.ts'
import { type AdminContext, bodyReader, sandboxOf } from './context.ts'
import { AdminError } from './errors.ts'

/** GET, POST and DELETE /faults, GET and POST /settings, GET and PUT /scenario. */
export function faultRoutes(app: FastifyInstance, context: AdminContext): void {
  const readFault = bodyReader(Fault)
  app.get('/faults', async (request) => {
    const { faults } = await sandboxOf(request, context)
    return { faults: faults.list() }
  })
  app.post('/faults', async (request) => {
    const fault = readFault(request)
    if (Object.keys(fault).every((key) => ['match', 'phase', 'times', 'after'].includes(key))) {
      throw new AdminError(400, 'a fault does something: send status, body, headers, delay or fault')
    }
    const { faults } = await sandboxOf(request, context)
    if (faults.list().length >= mostFaults)
      throw new AdminError(409, `there are ${mostFaults} faults already: DELETE /__admin/faults`)
    return faults.arm(fault)
  })
  app.delete('/faults', async (request) => {
    const { faults } = await sandboxOf(request, context)
    faults.disarm()
    return { status: 'cleared' }
  })
  app.delete<{ Params: { id: string } }>('/faults/:id', async (request) => {
    const { faults } = await sandboxOf(request, context)
    if (!faults.disarm(request.params.id))
      throw new AdminError(404, 'there is no fault of that id; GET /__admin/faults lists them')
    return { status: 'removed' }
  })

  const readSettings = bodyReader(TrafficSettings)
  app.get('/settings', async (request) => settingsOf(await sandboxOf(request, context)))
  app.post('/settings', async (request) => {
    const { delay, now } = readSettings(request)
    const sandbox = await sandboxOf(request, context)
    if (delay !== undefined) sandbox.delay = delay
    if (now !== undefined) sandbox.stoppedAt = now === null ? undefined : Date.parse(now)
    return settingsOf(sandbox)
  })

  const readChoice = bodyReader(ScenarioChoice)
  const view = (name: keyof typeof scenarios) => ({
    name,
    scenarios: Object.entries(scenarios).map(([choice, { about }]) => ({ name: choice, about })),
  })
  app.get('/scenario', async (request) => view((await sandboxOf(request, context)).scenario))
  app.put('/scenario', async (request) => {
    const { name } = readChoice(request)
    await chooseScenario(await sandboxOf(request, context), name)
    return view(name)
  })
}

const settingsOf = ({ delay, stoppedAt }: Sandbox): TrafficSettings => ({
  delay,
  now: stoppedAt === undefined ? null : new Date(stoppedAt).toISOString(),
})

const mostFaults = 1000
