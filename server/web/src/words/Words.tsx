import type { ReactNode } from 'react'
import { IntlProvider } from 'react-intl'
import { en } from './en'
import { nl } from './nl'

// Dutch for who reads Dutch, English for everybody else; ?lang= says otherwise.
const asked = new URLSearchParams(location.search).get('lang')
const dutch = asked ? asked === 'nl' : navigator.languages.some((one) => one.toLowerCase().startsWith('nl'))
document.documentElement.lang = dutch ? 'nl' : 'en'

export function Words({ children }: { children: ReactNode }) {
  return (
    <IntlProvider locale={dutch ? 'nl' : 'en'} messages={dutch ? nl : en}>
      {children}
    </IntlProvider>
  )
}
