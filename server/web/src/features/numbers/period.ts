// A number of whole days of the reader's own time zone, up to and with today.
export interface Period {
  days: number
  zone: string
  since: string
  until: string
  dates: string[] // YYYY-MM-DD, oldest first
}

export function lastDays(days: number, now = new Date()): Period {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const from = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1)
  const to = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)
  const dates = Array.from({ length: days }, (_, day) => {
    const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1 + day)
    const two = (number: number) => String(number).padStart(2, '0')
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  })
  // `since` is exclusive and `until` inclusive, to the millisecond.
  const before = (date: Date) => new Date(date.getTime() - 1).toISOString()
  return { days, zone, since: before(from), until: before(to), dates }
}
