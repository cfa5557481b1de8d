// A number of whole days of a time zone, up to and with today.
export interface Period {
  days: number
  zone: string
  since: string
  until: string
  dates: string[] // YYYY-MM-DD, oldest first
}

const day_ms = 86_400_000

// What the clocks of a zone show, as if it were UTC.
function shownAt(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(instant)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
}

// When a day begins there; `date` is its midnight as if it were UTC.
function midnight(date: number, zone: string): number {
  const near = date - (shownAt(date, zone) - date)
  return near - (shownAt(near, zone) - date)
}

// Whole days of a zone as a filter has them: `since` is exclusive and `until` inclusive, to the millisecond.
export function daysBetween(first: string, last: string, zone: string): { since: string; until: string } {
  const before = (date: number) => new Date(midnight(date, zone) - 1).toISOString()
  return { since: before(Date.parse(first)), until: before(Date.parse(last) + day_ms) }
}

export function lastDays(days: number, zone: string, now = Date.now()): Period {
  const today = Math.floor(shownAt(now, zone) / day_ms) * day_ms
  const dates = Array.from({ length: days }, (_, day) =>
    new Date(today - (days - 1 - day) * day_ms).toISOString().slice(0, 10))
  return { days, zone, ...daysBetween(dates[0]!, dates[days - 1]!, zone), dates }
}
