/** [answer.message] What every refusal says that has a message, with a route or without; the vendor's shape. */
export const failure = (message: string) => ({ success: false, message })
