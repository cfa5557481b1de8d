// What the player says, in Dutch and English.
const nl = {
  contents: 'Inhoud',
  previous: 'Vorige',
  next: 'Volgende',
  pause: 'Stoppen en later verdergaan',
  exit: 'Afronden',
  fullscreen: 'Volledig scherm',
  loading: 'De cursus wordt geladen.',
  saved: 'Alles is bewaard',
  saving: 'Bewaren …',
  offline: 'Geen verbinding: wat u doet wordt in deze browser bewaard en later verstuurd',
  refused: 'Een deel kon niet worden bewaard',
  elsewhere: 'U bent in een ander venster of op een ander apparaat verdergegaan. Hier wordt niets meer bewaard.',
  over: 'De tijd voor deze link is voorbij. Open de cursus opnieuw om verder te gaan.',
  open_elsewhere: 'Deze cursus staat ook in een ander venster of op een ander apparaat open. Als u hier verdergaat, stopt die.',
  go_on_here: 'Hier verdergaan',
  again: 'Verdergaan',
  done: 'U kunt dit venster sluiten. Wat u deed is bewaard.',
  not_saved: 'Nog niet alles is verstuurd: laat dit venster open tot er verbinding is.',
  unreachable: 'De server is niet bereikbaar.',
  retry: 'Opnieuw proberen',
  completed: 'klaar',
  passed: 'geslaagd',
  failed: 'niet geslaagd',
  here: 'hier bent u',
}

const en: typeof nl = {
  contents: 'Contents',
  previous: 'Previous',
  next: 'Next',
  pause: 'Stop and go on later',
  exit: 'Finish',
  fullscreen: 'Full screen',
  loading: 'The course is loading.',
  saved: 'Everything is saved',
  saving: 'Saving …',
  offline: 'No connection: what you do is kept in this browser and sent later',
  refused: 'A part could not be saved',
  elsewhere: 'You went on in another window or on another device. Nothing more is saved here.',
  over: 'The time for this link is over. Open the course again to go on.',
  open_elsewhere: 'This course is open in another window or on another device too. If you go on here, that one stops.',
  go_on_here: 'Go on here',
  again: 'Go on',
  done: 'You can close this window. What you did is saved.',
  not_saved: 'Not everything was sent yet: leave this window open until there is a connection.',
  unreachable: 'The server cannot be reached.',
  retry: 'Try again',
  completed: 'done',
  passed: 'passed',
  failed: 'not passed',
  here: 'you are here',
}

export const language = navigator.language.toLowerCase().startsWith('nl') ? 'nl' : 'en'
export const words = language === 'nl' ? nl : en

// In the reader's language, or in whatever there is.
export function textOf(texts: Record<string, string>): string {
  const wanted = Object.keys(texts).find((tag) => tag.toLowerCase().startsWith(language))
  return texts[wanted ?? ''] ?? texts.und ?? Object.values(texts)[0] ?? ''
}
