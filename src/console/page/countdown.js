import { firstReset, readNextReset } from './api.js'

/** [demo.console] Counts down to the moment at which a demo begins anew, and tells that it has come. */
export function startCountdown(element, onReset) {
  let next = firstReset
  let isAsking = false
  const begun = async () => {
    isAsking = true
    const after = await readNextReset()
    isAsking = false
    // Until the mock says so, it has not begun anew.
    if (after === undefined || after <= next) return
    next = after
    await onReset()
  }
  const show = () => {
    const seconds = Math.max(0, Math.ceil((next - Date.now()) / 1000))
    element.textContent = `Begins anew in ${clock(seconds)}`
    if (seconds === 0 && !isAsking) begun()
  }
  element.hidden = false
  show()
  setInterval(show, 1000)
}

const clock = (seconds) => {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const rest = String(seconds % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}
