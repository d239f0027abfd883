/** The run cannot begin or go on; the message is a sentence for the user. */
export class CouldNotRun extends Error {}
