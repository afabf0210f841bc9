import { SPACE } from './numbers.js'

const MINUTE = 60
const HOUR = 3600
const DAY_MS = 86_400_000

/** How long something took, in one or two units: `4 s`, `41 min`, `3 h 55`, `2 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?'
  if (seconds < 0.95) return `${Math.max(0, seconds).toFixed(1)}${SPACE}s`
  if (seconds < 59.5) return `${Math.round(seconds)}${SPACE}s`
  const minutes = Math.round(seconds / MINUTE)
  if (minutes < 60) return `${minutes}${SPACE}min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours}${SPACE}h${SPACE}${String(minutes % 60).padStart(2, '0')}`
  return `${Math.floor(hours / 24)}${SPACE}d${SPACE}${hours % 24}${SPACE}h`
}

/** A running clock with seconds: `5 min 51 s`, `1 h 12 min`. */
export function formatElapsed(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < MINUTE) return `${whole}${SPACE}s`
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}${SPACE}min ${whole % MINUTE}${SPACE}s`
  return `${Math.floor(whole / HOUR)}${SPACE}h ${Math.floor((whole % HOUR) / MINUTE)}${SPACE}min`
}

/** Time of day: `14:52`. */
export function formatClock(time: Date): string {
  return `${String(time.getHours()).padStart(2, '0')}:${String(time.getMinutes()).padStart(2, '0')}`
}

/** Time of day with seconds, for logs: `14:44:12`. */
export function formatClockSeconds(time: Date): string {
  return `${formatClock(time)}:${String(time.getSeconds()).padStart(2, '0')}`
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const midnight = (time: Date): number => new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime()

/**
 * When something happened, with decreasing precision: `today 11:20`, `yesterday 09:02`, `Sat 21 Nov`, `21 Nov 2025`.
 *
 * @param time - the moment
 * @param now - the moment of reading
 */
export function formatDay(time: Date, now: Date): string {
  // Rounded, since a day of the clock change has 23 or 25 hours.
  const days = Math.round((midnight(now) - midnight(time)) / DAY_MS)
  if (days === 0) return `today ${formatClock(time)}`
  if (days === 1) return `yesterday ${formatClock(time)}`
  const date = `${time.getDate()} ${MONTHS[time.getMonth()] ?? ''}`
  return time.getFullYear() === now.getFullYear()
    ? `${WEEKDAYS[time.getDay()] ?? ''} ${date}`
    : `${date} ${time.getFullYear()}`
}

/** When something will be done: `14:52`, or with its day when that is not today. */
export function formatEnd(secondsLeft: number, now: Date): string {
  const end = new Date(now.getTime() + secondsLeft * 1000)
  if (midnight(end) === midnight(now)) return formatClock(end)
  return `${WEEKDAYS[end.getDay()] ?? ''} ${end.getDate()} ${MONTHS[end.getMonth()] ?? ''}, ${formatClock(end)}`
}
