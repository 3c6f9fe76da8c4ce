import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'

/** Everything that a page of this product does not use. */
const PERMISSIONS_OFF = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
]
  .map((name) => `${name}=()`)
  .join(', ')

/** A fresh nonce for one answer. */
export const makeNonce = (): string => randomBytes(16).toString('base64')

/**
 * The Content-Security-Policy of a page. `script-src` comes first: Next takes its nonce from the first directive of that name. In
 * development the overlay needs eval, and inline styles without a nonce, which would switch them off.
 */
export function contentSecurityPolicy(nonce: string, dev: boolean): string {
  return [
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    dev ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "default-src 'none'",
    "img-src 'self' data: blob:",
    "media-src 'self'",
    // What a run brought along as HTML, under a policy of its own (`src/api/send-framed-page.ts`).
    "frame-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')
}

/** The headers of every answer of the process, doors and pages alike: name, value, name, value … */
export const securityHeaders = (https: boolean): readonly string[] => [
  'x-content-type-options',
  'nosniff',
  'referrer-policy',
  'strict-origin-when-cross-origin',
  'permissions-policy',
  PERMISSIONS_OFF,
  'cross-origin-opener-policy',
  'same-origin',
  'cross-origin-resource-policy',
  'same-origin',
  'x-frame-options',
  'DENY',
  ...(https ? ['strict-transport-security', 'max-age=31536000'] : []),
]

/** Sets a list of names and values on an answer whose own headers come later. */
export function setHeaders(response: ServerResponse, list: readonly string[]): void {
  for (let i = 0; i + 1 < list.length; i += 2) response.setHeader(list[i] as string, list[i + 1] as string)
}
