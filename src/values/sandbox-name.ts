/** [sandbox.name] What a sandbox can be called. As part of an address `.` and `..` would mean another place. */
export const sandboxName = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/
