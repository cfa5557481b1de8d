// A statement as a sentence, in the reader's language where it has names in it.
import { FormattedMessage, useIntl } from 'react-intl'
import { nameOf, type Actor, type Statement } from '../../api/client'

export function actorName(actor: Actor): string {
  return (
    actor.name ??
    actor.account?.name ??
    actor.mbox?.replace('mailto:', '') ??
    actor.openid ??
    actor.mbox_sha1sum ??
    actor.member?.map(actorName).join(', ') ??
    '?'
  )
}

// What identifies an Agent or Group, as filters take it.
export function identifier(actor: Actor): string | undefined {
  if (actor.account) {
    const { homePage, name } = actor.account
    return JSON.stringify({ account: { homePage, name } })
  }
  if (actor.mbox) return JSON.stringify({ mbox: actor.mbox })
  if (actor.mbox_sha1sum) return JSON.stringify({ mbox_sha1sum: actor.mbox_sha1sum })
  if (actor.openid) return JSON.stringify({ openid: actor.openid })
  return undefined
}

const lastPart = (iri: string) => iri.split(/[/#]/).filter(Boolean).pop() ?? iri

export function Sentence({ statement }: { statement: Statement }) {
  const intl = useIntl()
  const { actor, verb, object, result } = statement
  const who = identifier(actor)
  const verbName = nameOf(verb.display, intl.locale) ?? lastPart(verb.id)
  const score = result?.score?.scaled
  let what = <>{object.id}</>
  if (object.objectType === 'StatementRef') {
    what = (
      <a href={`/statements?statementId=${object.id}`}>
        <FormattedMessage id="statements.another" />
      </a>
    )
  } else if (object.objectType === 'Agent' || object.objectType === 'Group') {
    what = <>{actorName(object)}</>
  } else if (object.objectType === 'SubStatement') {
    what = <FormattedMessage id="statements.sub" />
  } else if (object.id) {
    what = (
      <a href={`/statements?activity=${encodeURIComponent(object.id)}`} title={object.id}>
        {nameOf(object.definition?.name, intl.locale) ?? object.id}
      </a>
    )
  }
  return (
    <span>
      {who ? (
        <a href={`/learners?agent=${encodeURIComponent(who)}`} title={who}>
          {actorName(actor)}
        </a>
      ) : (
        actorName(actor)
      )}{' '}
      <span title={verb.id}>{verbName}</span> {what}
      {score !== undefined && (
        <>
          {' · '}
          {intl.formatNumber(score, { style: 'percent' })}
        </>
      )}
      {score === undefined && result?.success !== undefined && (
        <>
          {' · '}
          <FormattedMessage id={result.success ? 'statements.right' : 'statements.wrong'} />
        </>
      )}
    </span>
  )
}
