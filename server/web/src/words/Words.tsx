// The reader's language, and what the organisation is called, which colour it has and which clock counts.
import { useQuery } from '@tanstack/react-query'
import { createContext, useContext, useEffect, type ReactNode } from 'react'
import { IntlProvider } from 'react-intl'
import { getOrganization } from '../api/client'
import { en } from './en'
import { nl } from './nl'

// Dutch for who reads Dutch, English for everybody else; ?lang= says otherwise.
const asked = new URLSearchParams(location.search).get('lang')
const dutch = asked ? asked === 'nl' : navigator.languages.some((one) => one.toLowerCase().startsWith('nl'))
document.documentElement.lang = dutch ? 'nl' : 'en'

const Name = createContext('')
export const useOrganizationName = () => useContext(Name)

// Of #rrggbb, to be read on black.
const lighter = (colour: string) =>
  colour.replace(/[0-9a-f]{2}/gi, (part) => Math.round(255 - (255 - parseInt(part, 16)) * 0.45).toString(16).padStart(2, '0'))

export function Words({ children }: { children: ReactNode }) {
  const organization = useQuery({ queryKey: ['organization'], queryFn: getOrganization })
  const { accent, zone, name_nl, name_en } = organization.data ?? {}
  useEffect(() => {
    const { style } = document.documentElement
    for (const [name, value] of [['--own-accent', accent], ['--own-accent-in-the-dark', accent && lighter(accent)]] as const) {
      if (value) style.setProperty(name, value)
      else style.removeProperty(name)
    }
  }, [accent])
  if (organization.isPending) return null
  return (
    <IntlProvider locale={dutch ? 'nl' : 'en'} messages={dutch ? nl : en} timeZone={zone || undefined}>
      <Name.Provider value={(dutch ? name_nl || name_en : name_en || name_nl) ?? ''}>{children}</Name.Provider>
    </IntlProvider>
  )
}
