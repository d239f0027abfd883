import type { Violation } from '../../schemas/journal.ts'
import { type RefusalName, refusals } from '../../schemas/refusals.ts'
import { ExpectedError } from '../values/expected-error.ts'
import type { Misfit } from '../values/validation.ts'

type Details = {
  /** Which reason of the contract it is; none for what only the mock asks for. */
  name?: RefusalName
  headers?: Readonly<Record<string, string>>
  /** What in the request does not fit, for the client to see beside the answer. */
  misfits?: Misfit[]
  /** The same for what fits and is not allowed. */
  violations?: readonly Violation[]
}

/** A request that is not carried out. Thrown anywhere on its way; errors.ts gives it the vendor's shape. */
export class Refusal extends ExpectedError {
  readonly status: number
  readonly refusal: RefusalName | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly misfits: Misfit[] | undefined
  readonly violations: readonly Violation[]
  constructor(status: number, message: string, details: Details = {}) {
    super(message)
    const { name, headers = {}, misfits, violations = [] } = details
    this.status = status
    this.refusal = name
    this.headers = headers
    this.misfits = misfits
    this.violations = violations
  }
}

/** A refusal by the contract, whose status goes with its name. */
export const refusal = (name: RefusalName, message: string, details: Omit<Details, 'name'> = {}) =>
  new Refusal(refusals[name].status, message, { ...details, name })

/** 400: the request does not fit the schema; the message names what. */
export const unfit = (name: RefusalName, misfits: Misfit[]) =>
  refusal(name, misfits.map(({ message }) => message).join('; '), { misfits })

/** 401: nobody the mock knows; the message says why. */
export const unauthorized = (name: RefusalName, message: string) =>
  refusal(name, message, { headers: { 'www-authenticate': 'Bearer' } })
