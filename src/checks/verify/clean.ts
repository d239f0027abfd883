import { visible } from '../../values/visible.ts'

/** Replaces secrets and whatever looks like a token, before anything is cut, and spells out what a terminal would obey. */
export function cleaner(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.flatMap((secret) => [secret, decoded(secret)]).flatMap(formsOf)
  const longestFirst = [...new Set(forms)].filter(Boolean).sort((one, other) => other.length - one.length)
  return (text) =>
    visible(
      longestFirst
        .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text)
        .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]')
        .replace(session, '$1[session]'),
    )
}

/** A cookie of the session in a text, whoever got it. */
const session = /(connect\.sid(?:=|%3D))[^\s;,"'\\]+/gi

/** As it is, inside JSON, and inside JSON that stands in JSON as text. */
function formsOf(text: string): string[] {
  const inJson = (part: string) => JSON.stringify(part).slice(1, -1)
  return [text, inJson(text), inJson(inJson(text))]
}

/** A service may repeat a cookie as it reads it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
