import { type Static, Type } from '@sinclair/typebox'
import { Enum } from './enum.ts'
import './formats.ts'

/** A person as the sign-in service knows them (S). `email` and `lastSeen` are read only in words, without the flag. */
export const AuthProfile = Type.Partial(
  Type.Object(
    {
      id: Type.Integer({ description: 'User id', example: 1 }),
      firstName: Type.String({ description: 'Given name', example: 'Max' }),
      lastName: Type.String({ description: 'Family name', example: 'Mustermann' }),
      email: Type.String({ description: 'Mail address; cannot be written', example: 'demo@enneo.dev' }),
      phone: Type.String({ description: 'Telephone', example: '+49 123 456789' }),
      image: Type.String({
        format: 'base64',
        description: 'Portrait; never shown',
        writeOnly: true,
        example:
          'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
      }),
      // The number is the published example of this string (S).
      password: Type.String({ description: 'Never shown', writeOnly: true, example: 123456 }),
      lastSeen: Type.String({
        format: 'DateTime',
        description: 'Last activity; cannot be written',
        example: '2022-08-12 12:21:21',
      }),
      type: Type.String({ description: 'Kind of user', example: 'enneo' }),
      isSsoOnly: Enum([0, 1], { description: '1: sign-in by SSO only; 0: by password too', example: 0 }),
      lang: Type.String({ description: 'Language', example: 'de' }),
      nameAlias: Type.String({ description: 'Name to show instead', example: 'Johnny' }),
      externalId: Type.String({
        description: 'Key in another system, such as a staff number',
        example: 'EMP-12345',
      }),
    },
    { component: 'AuthProfile' },
  ),
)
export type AuthProfile = Static<typeof AuthProfile>
