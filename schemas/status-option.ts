import { type Static, Type } from '@sinclair/typebox'

const flag = (description: string) => Type.Boolean({ description, example: false })

/** What a status means; a flag that is absent is false (P for the names, A for that). */
export const StatusFlags = Type.Object({
  autoActiveMode: flag('Set by itself when somebody begins to work'),
  includeInHandlingTime: flag('Counts as handling time'),
  availableForChats: flag('Chats can be routed to this person'),
  availableForCalls: flag('Calls can be routed to this person'),
  supportMode: flag('Helps others'),
  blockWriteActions: flag('Can look and not write'),
  interactionsBlocked: flag('Gets no interactions'),
  autoAwayMode: flag('Set by itself when somebody does nothing'),
  hidden: flag('Not offered to choose from'),
  allowTicketDelegation: flag('Tickets can be handed to others'),
})

const labels = {
  id: Type.String({ description: 'Value of `settings.status`', example: 'active' }),
  label: Type.String({ example: 'Ticket Processing' }),
  longLabel: Type.String(),
  description: Type.String(),
  icon: Type.String({ example: '/icons/holiday.svg' }),
}

/** One of a client's own list of statuses (P: each client has one; A for all keys but `id` and the flags). */
export const StatusOption = Type.Composite(
  [
    Type.Pick(Type.Object(labels), ['id']),
    Type.Partial(Type.Omit(Type.Object(labels), ['id'])),
    Type.Partial(StatusFlags),
  ],
  { additionalProperties: false },
)
export type StatusOption = Readonly<Static<typeof StatusOption>>

/** A status as it is shown: nothing is left out. */
export const StatusOptionView = Type.Composite([Type.Object(labels), StatusFlags])
export type StatusOptionView = Static<typeof StatusOptionView>
