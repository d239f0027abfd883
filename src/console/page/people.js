import { currentDirectory } from './api.js'

export const nameOf = ({ id, firstName = '', lastName = '', nameAlias = '' }) =>
  `${firstName} ${lastName}`.trim() || nameAlias || `Profile ${id}`

export function initialsOf({ firstName = '', lastName = '' }) {
  const first = (text) => [...text.trim()][0] ?? ''
  return (first(firstName) + first(lastName)).toLocaleUpperCase() || '–'
}

/** Who made a call: a persona's name, or an id. */
export const callerOf = ({ userId }) =>
  userId === undefined ? 'nobody' : (currentDirectory()?.personaOf(userId) ?? `profile ${userId}`)
