import { visible } from '../../values/visible.ts'

/** Says in one sentence why a document cannot be had, with nothing in it that a terminal would obey. */
export class UnreadableDocument extends Error {}

export const unreadable = (sentence: string) => new UnreadableDocument(visible(sentence))
