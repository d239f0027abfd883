/** A request that is not carried out. Thrown anywhere on its way; errors.ts gives it the vendor's shape. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/** 401: nobody the mock knows; the message says why. */
export const unauthorized = (message: string) => new Refusal(401, message, { 'www-authenticate': 'Bearer' })

/** 403: the vendor's body says nothing, so the reason is for the log. */
export const forbidden = (reason: string) => new Refusal(403, reason)

/** 404: the path is known, what it names is not there. */
export const notFound = (message: string) => new Refusal(404, message)
