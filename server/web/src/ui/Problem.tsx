// What did not work, said at once to who listens.
import { FormattedMessage } from 'react-intl'

export function Problem({ error }: { error: Error | null }) {
  if (!error) return null
  return (
    <p role="alert" className="problem">
      <FormattedMessage id="problem" values={{ message: error.message }} />
    </p>
  )
}
