import type { View } from '@gonio/sdk'

import type { Fact, Snapshot } from './benefits/index.ts'

type Row = { label: string; value: string; note?: string; tone?: 'plain' | 'good' | 'warn' | 'bad' }

/** One coverage for the person at the desk: what is certain with its source line, then what to ask the payer. */
export function showSnapshot(snapshot: Snapshot, title: string): View {
  const { visits, deductible, outOfPocket } = snapshot
  const rows: Row[] = [
    row('Coverage', snapshot.active, (active) => (active ? 'active' : 'not active')),
    row('Plan', snapshot.planName, (name) => name),
    row('Physical therapy', snapshot.therapyCovered, (covered) => (covered ? 'covered' : 'not covered')),
    row(
      'Authorization',
      snapshot.authorization,
      (value) => ({ Y: 'required', N: 'not required', unknown: 'unknown', conflict: 'the payer contradicts itself' })[value],
    ),
    row('Referral', snapshot.referral, (value) => ({ Y: 'required', N: 'not required', unknown: 'unknown' })[value]),
    row('Copay', snapshot.copay, ({ amount, per }) => `$${amount.toFixed(2)}${per === null ? '' : ` per ${per}`}`),
    row('Coinsurance', snapshot.coinsurance, (percent) => `${percent} %`),
    row(
      'Visits allowed',
      visits.allowed,
      (count) => `${count} ${visits.unit.value ?? ''}${visits.period.value === null ? '' : ` per ${visits.period.value}`}`,
    ),
    row('Visits remaining', visits.remaining, (count) => `${count}`),
    row('No visit limit', visits.unlimited, (unlimited) => (unlimited ? 'yes' : 'no')),
    row('Therapy limit in dollars', snapshot.dollarLimit.total, money),
    row('Therapy dollars left', snapshot.dollarLimit.remaining, money),
    row('Deductible, individual', deductible.individual.total, money),
    row('Deductible left, individual', deductible.individual.remaining, money),
    row('Deductible, family', deductible.family.total, money),
    row('Deductible left, family', deductible.family.remaining, money),
    row('Out-of-pocket maximum, individual', outOfPocket.individual.total, money),
    row('Out-of-pocket left, individual', outOfPocket.individual.remaining, money),
  ].filter((one) => one !== null)
  const children: View[] = rows.length > 0 ? [{ kind: 'key-value', rows }] : []
  if (snapshot.ask.length > 0)
    children.push({ kind: 'stack', title: 'Ask the payer', children: [{ kind: 'key-value', rows: snapshot.ask.slice(0, 20).map(askRow) }] })
  if (snapshot.messages.length > 0) children.push(showMessages(snapshot))
  return { kind: 'card', title: title.slice(0, 120), tone: toneOf(snapshot), children }
}

function money(amount: number): string {
  return `$${amount.toFixed(2)}`
}

/** A value that is not certain keeps its doubt beside it; a value that is absent is no row but a question. */
function row<T>(label: string, fact: Fact<T>, show: (value: T) => string): Row | null {
  if (fact.certainty === 'absent') return null
  const value = fact.value === null ? 'the payer states different values' : show(fact.value)
  const network = fact.network === 'in' ? 'in network' : fact.network === 'out' ? 'out of network' : ''
  const source = fact.source === null ? '' : `line ${fact.source.segment}: ${fact.source.text}`
  const note = [fact.certainty, network, fact.serviceType ?? '', source]
    .filter((part) => part !== '')
    .join(' · ')
    .slice(0, 500)
  return { label, value: value.slice(0, 2_000), note, tone: fact.certainty === 'stated' && fact.value !== null ? 'plain' : 'warn' }
}

function askRow({ topic, question, source }: Snapshot['ask'][number]): Row {
  const base: Row = { label: topic.slice(0, 120), value: question.slice(0, 2_000), tone: 'warn' }
  return source === null ? base : { ...base, note: `line ${source.segment}: ${source.text}`.slice(0, 500) }
}

function showMessages(snapshot: Snapshot): View {
  return {
    kind: 'statements',
    caption: 'Messages of the payer, verbatim',
    sentences: snapshot.messages.slice(0, 20).map(({ text, source, benefit }) => ({
      section: 'message',
      text: text.slice(0, 2_000),
      evidence: [source, ...(benefit === null ? [] : [benefit])].map((line) => `line ${line.segment}: ${line.text}`.slice(0, 300)),
    })),
  }
}

function toneOf(snapshot: Snapshot): 'good' | 'warn' | 'bad' {
  if (snapshot.active.value === false) return 'bad'
  return snapshot.active.certainty === 'stated' && snapshot.authorization.value === 'N' && snapshot.authorization.certainty === 'stated'
    ? 'good'
    : 'warn'
}
