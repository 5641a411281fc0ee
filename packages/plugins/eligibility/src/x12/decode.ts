import { Refusal } from '@gonio/sdk'

import type { Findings } from './finding.ts'

/** Largest file that is read, in bytes. A year of answers of a busy clinic is far below it. */
export const MAX_BYTES = 20 * 1024 * 1024

/** A file as it came: its text, or its bytes in base64. */
export type X12Input = { readonly text: string } | { readonly base64: string }

/**
 * The text of a file: UTF-8 with or without BOM, UTF-16 in either order, else Latin-1.
 *
 * @throws Refusal `too-large` above {@link MAX_BYTES}
 */
export function decodeX12(input: X12Input, findings: Findings): string {
  if ('text' in input) {
    if (input.text.length > MAX_BYTES) throw tooLarge()
    return input.text.charCodeAt(0) === 0xfeff ? input.text.slice(1) : input.text
  }
  if (input.base64.length > Math.ceil((MAX_BYTES * 4) / 3) + 4) throw tooLarge()
  const bytes = Buffer.from(input.base64, 'base64')
  if (bytes.length === 0 && input.base64.trim() !== '') {
    throw new Refusal(
      'invalid-input',
      'The field "base64" is not base64. Pass the bytes of the file in base64, or its text in the field "text".',
    )
  }
  return decodeBytes(bytes, findings)
}

function tooLarge(): Refusal {
  return new Refusal(
    'too-large',
    `The file is larger than ${MAX_BYTES / 1024 / 1024} MB. Split it at an ISA segment and read the parts one by one.`,
  )
}

function decodeBytes(bytes: Buffer, findings: Findings): string {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return decodeUtf8(bytes.subarray(3), findings)
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(bytes.subarray(2))
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2))
  // Some exports are UTF-16 without a mark: "I" then a zero byte, or the other way round.
  if (a === 0x49 && b === 0) return new TextDecoder('utf-16le').decode(bytes)
  if (a === 0 && b === 0x49) return new TextDecoder('utf-16be').decode(bytes)
  return decodeUtf8(bytes, findings)
}

function decodeUtf8(bytes: Buffer, findings: Findings): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    findings.add('encoding', 'warning', null, 'The bytes are not UTF-8; they were read as Latin-1.')
    return bytes.toString('latin1')
  }
}
