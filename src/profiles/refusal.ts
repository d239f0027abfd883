/** A request that is not carried out. Thrown anywhere on its way; errors.ts gives it the vendor's shape. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Name of the rule that the request broke, where it is the client's mistake and not told otherwise. */
  readonly rule: string | undefined
  constructor(status: number, message: string, headers: Record<string, string> = {}, rule?: string) {
    super(message)
    this.status = status
    this.headers = headers
    this.rule = rule
  }
}

/** 400: the request does not fit the schema; the message names what. */
export const unfit = (message: string) => new Refusal(400, message, {}, 'schema')

/** 401: nobody the mock knows; the message says why. */
export const unauthorized = (message: string) => new Refusal(401, message, { 'www-authenticate': 'Bearer' })

/** 403: the vendor's body says nothing, so the reason is for the log. */
export const forbidden = (reason: string) => new Refusal(403, reason)

/** 404: the path is known, what it names is not there. */
export const notFound = (message: string) => new Refusal(404, message)
