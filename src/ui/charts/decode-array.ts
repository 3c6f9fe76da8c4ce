/** Bytes of a base64 text, in a buffer of their own. */
function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes.buffer
}

/** Little-endian Float64 numbers from base64; throws RangeError when the bytes are not a multiple of eight. */
export const decodeFloat64 = (base64: string): Float64Array => new Float64Array(bytesOf(base64))

/** Little-endian Float32 numbers from base64, widened; throws RangeError when the bytes are not a multiple of four. */
export const decodeFloat32 = (base64: string): Float64Array => Float64Array.from(new Float32Array(bytesOf(base64)))

/** Little-endian Uint16 numbers from base64; throws RangeError when the bytes are not a multiple of two. */
export const decodeUint16 = (base64: string): Uint16Array => new Uint16Array(bytesOf(base64))
