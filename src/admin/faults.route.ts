import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TrafficSettings } from '../../schemas/admin.ts'
import { Fault } from '../../schemas/fault.ts'
import { ScenarioChoice } from '../../schemas/scenario.ts'
import type { WorldNotes } from '../stores/world-notes.ts'
import { faultsOf, mostFaults as usuallyMostFaults } from '../traffic/faults.ts'
import { chooseScenario } from '../traffic/sandboxes.ts'
import { scenarios } from '../traffic/scenarios.ts'
import { type AdminContext, bodyReader, sandboxOf, sandboxViewOf } from './context.ts'
import { AdminError } from './errors.ts'

/** GET, POST and DELETE /faults, GET and POST /settings, GET and PUT /scenario. */
export function faultRoutes(
  app: FastifyInstance,
  context: AdminContext,
  { mostFaults = usuallyMostFaults }: { mostFaults?: number } = {},
): void {
  const notesOf = async (request: FastifyRequest) =>
    (await sandboxViewOf(request, context)).world.notes.read()
  const change = async <R>(request: FastifyRequest, by: (notes: WorldNotes) => R) =>
    (await sandboxOf(request, context)).world.notes.change(by)

  const readFault = bodyReader(Fault)
  app.get('/faults', async (request) => ({ faults: (await notesOf(request)).faults }))
  app.post('/faults', async (request) => {
    const fault = readFault(request)
    if (Object.keys(fault).every((key) => ['match', 'phase', 'times', 'after', 'repetition'].includes(key))) {
      throw new AdminError(400, 'a fault does something: send status, body, headers, delay or fault')
    }
    if (fault.repetition && !fault.fault)
      throw new AdminError(400, 'repetition is about a broken connection: send fault as well')
    const armed = await change(request, (notes) => faultsOf(notes).arm(fault, mostFaults))
    if (!armed) throw new AdminError(409, `there are ${mostFaults} faults already: DELETE /__admin/faults`)
    const isHidden =
      fault.fault !== undefined && fault.fault !== 'MALFORMED_RESPONSE_CHUNK' && !fault.repetition
    return { ...armed, ...(isHidden && { note: hiddenFromPages }) }
  })
  app.delete('/faults', async (request) => {
    await change(request, (notes) => faultsOf(notes).disarm())
    return { status: 'cleared' }
  })
  app.delete<{ Params: { id: string } }>('/faults/:id', async (request) => {
    if (!(await change(request, (notes) => faultsOf(notes).disarm(request.params.id))))
      throw new AdminError(404, 'there is no fault of that id; GET /__admin/faults lists them')
    return { status: 'removed' }
  })

  const readSettings = bodyReader(TrafficSettings)
  app.get('/settings', async (request) => settingsOf(await notesOf(request)))
  app.post('/settings', async (request) => {
    const { delay, now } = readSettings(request)
    return change(request, (notes) => {
      if (delay !== undefined) notes.delay = delay
      if (now !== undefined) notes.stoppedAt = now === null ? undefined : Date.parse(now)
      return settingsOf(notes)
    })
  })

  const readChoice = bodyReader(ScenarioChoice)
  const view = (name: keyof typeof scenarios) => ({
    name,
    scenarios: Object.entries(scenarios).map(([choice, { about }]) => ({ name: choice, about })),
  })
  app.get('/scenario', async (request) => view((await notesOf(request)).scenario))
  app.put('/scenario', async (request) => {
    const { name } = readChoice(request)
    await chooseScenario(await sandboxOf(request, context), name)
    return view(name)
  })
}

const settingsOf = ({ delay, stoppedAt }: Pick<WorldNotes, 'delay' | 'stoppedAt'>): TrafficSettings => ({
  delay,
  now: stoppedAt === undefined ? null : new Date(stoppedAt).toISOString(),
})

/** [fault.repetition] */
const hiddenFromPages =
  'a browser that loses a connection it has used before sends the call again by itself, so that its page may see no error; with "repetition": true that is broken, too'
