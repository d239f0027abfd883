/** What is there at once, or has to be waited for. */
export type Awaitable<T> = T | Promise<T>

/**
 * Goes on with a value as soon as it is there. The memory store answers at once, and then nothing waits: a promise for
 * each step of a call cost 6 to 7 µs of about 45.
 */
export function andThen<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
