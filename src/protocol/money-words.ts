/** Words of money on the wire: decimals as text, currencies, days. */
import * as z from 'zod'
import { Slug } from './words.ts'

export const DecimalText = z
  .union([z.string().max(40), z.number()])
  .transform(String)
  .meta({ type: 'string', description: 'A decimal, such as "2.95"' })

export const Currency = z.string().min(1).max(8).meta({ description: 'ISO 4217', example: 'USD' })

export const Day = z.string().max(10).meta({ format: 'date', example: '2026-11-09' })

export const Word = z.string().max(100)

export const BookName = Slug.default('default').meta({ description: 'A workspace may keep several books' })
