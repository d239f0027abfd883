export {
  type Control,
  type ControlClient,
  type ControlOptions,
  createControlClient,
  type TokenOptions,
  type Who,
} from './library/control-client.ts'
