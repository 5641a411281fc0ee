import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { EPISODE_MOVES, VISIT_MOVES } from '@gonio/core'
import { EVENT_TYPES, PLUGIN_PERMISSIONS, ROLE_RIGHTS, STAFF_ROLES } from '@gonio/sdk'

import { clinic } from '../examples/small-clinic/gonio.config.ts'

/** The pages of docs/reference, made from the code. `node scripts/reference.ts` writes them; a test compares. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['permissions.md', permissions()],
    ['events.md', events()],
    ['procedures.md', procedures()],
    ['states.md', states()],
  ])
}

function permissions(): string {
  const header = `| right | ${STAFF_ROLES.join(' | ')} |\n|---|${STAFF_ROLES.map(() => '---').join('|')}|`
  const rights = Object.entries(ROLE_RIGHTS).map(
    ([right, roles]) =>
      `| ${right} | ${STAFF_ROLES.map((role) => ((roles as readonly string[]).includes(role) ? 'yes' : '')).join(' | ')} |`,
  )
  const asked = Object.entries(PLUGIN_PERMISSIONS).map(([name, reason]) => `| ${name} | ${reason} |`)
  return page(
    'Rights and permissions',
    `## Rights of staff, by role\n\n${header}\n${rights.join('\n')}\n\n## What a plugin may ask for\n\n| permission | the clinic reads |\n|---|---|\n${asked.join('\n')}\n\nThere is no permission to sign, submit or send.`,
  )
}

function events(): string {
  const heard = EVENT_TYPES.map((type) => {
    const listeners = clinic.plugins.filter((plugin) => plugin.events.includes(type)).map((plugin) => plugin.id)
    return `| ${type} | ${listeners.join(', ')} |`
  })
  return page(
    'Events',
    `A plugin’s own events carry its id as prefix. Payloads hold ids only.\n\n| event | heard by |\n|---|---|\n${heard.join('\n')}`,
  )
}

function procedures(): string {
  const sections = clinic.plugins.map((plugin) => {
    const rows = [...plugin.procedures].map(([name, { access, summary }]) => `| ${name} | ${access} | ${summary} |`)
    const actions = [...plugin.actions.values()].map(
      (action) =>
        `| ${action.name} | ${action.decide.roles.join(', ')} | ${(action.decide.licenses ?? []).join(', ')} | ${action.effects.join(', ')} |`,
    )
    return `## ${plugin.id}\n\n${plugin.summary}\n\n| procedure | access | does |\n|---|---|---|\n${rows.join('\n')}\n\n| action | decided by | license | may change |\n|---|---|---|---|\n${actions.join('\n')}`
  })
  return page('Procedures and actions', `\`gonio describe <procedure>\` prints the JSON Schemas.\n\n${sections.join('\n\n')}`)
}

function states(): string {
  const draw = (title: string, moves: Readonly<Record<string, readonly string[]>>): string =>
    `## ${title}\n\n\`\`\`mermaid\nstateDiagram-v2\n${Object.entries(moves)
      .flatMap(([from, to]) => to.map((each) => `  ${mark(from)} --> ${mark(each)}`))
      .join('\n')}\n\`\`\``
  return page('States', `${draw('Episode', EPISODE_MOVES)}\n\n${draw('Visit', VISIT_MOVES)}`)
}

/** Mermaid takes no dash in the name of a state. */
function mark(state: string): string {
  return state.replaceAll('-', '_')
}

function page(title: string, body: string): string {
  return `# ${title}\n\nMade from the code by \`node scripts/reference.ts\`.\n\n${body}\n`
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '../docs/reference')
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of referencePages()) writeFileSync(join(folder, name), text)
}
