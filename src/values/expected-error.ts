/**
 * An error that becomes an answer. Nobody reads where it was thrown, and finding that out would cost more than all the
 * rest of such a call.
 */
export class ExpectedError extends Error {
  constructor(message: string) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = stackTraceLimit
  }
}
