'use client'
import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Modal } from '#src/ui/kit/modal.tsx'
import { xWord } from './axis-words.ts'
import type { Zoom } from './group-state.tsx'
import type { PreparedChart } from './prepared-chart.ts'

/** The ranges of a chart as numbers: what a drag does, without one. An end that is left empty reaches as far as the data. */
export function RangeDialog(props: {
  chart: PreparedChart
  title: string
  zoom: Zoom
  yZoom: Zoom
  onRanges: (x: Zoom, y: Zoom) => void
  onClose: () => void
}) {
  const { chart, zoom, yZoom } = props
  const [x, setX] = useState<Ends>(endsOf(zoom))
  const [y, setY] = useState<Ends>(endsOf(yZoom))
  const [yMin, yMax] = chart.isLog ? [10 ** chart.y.min, 10 ** chart.y.max] : [chart.y.min, chart.y.max]
  const rangeX = rangeOf(x, [chart.x.min, chart.x.max])
  const rangeY = rangeOf(y, [yMin, yMax])
  const isWrong = rangeX === 'wrong' || rangeY === 'wrong'
  return (
    <Modal opened onClose={props.onClose} title={`Ranges of ${props.title}`} size="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (rangeX === 'wrong' || rangeY === 'wrong') return
          props.onRanges(rangeX, rangeY)
          props.onClose()
        }}
      >
        <Stack gap={12}>
          <EndFields name={xWord(chart)} ends={x} onEnds={setX} isWrong={rangeX === 'wrong'} />
          <EndFields name="Values" ends={y} onEnds={setY} isWrong={rangeY === 'wrong'} />
          <Group justify="flex-end" gap={8}>
            <Button
              onClick={() => {
                props.onRanges(null, null)
                props.onClose()
              }}
            >
              Show everything
            </Button>
            <Button type="submit" variant="filled" aria-disabled={isWrong}>
              Show these ranges
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

interface Ends {
  from: string
  to: string
}

function EndFields(props: { name: string; ends: Ends; onEnds: (ends: Ends) => void; isWrong: boolean }) {
  const { name, ends, onEnds } = props
  const wrong = props.isWrong ? { error: 'Numbers, the smaller one first' } : {}
  return (
    <Group gap={8} grow align="flex-start">
      <TextInput
        label={`${name}, from`}
        inputMode="decimal"
        placeholder="as the data"
        value={ends.from}
        onChange={(event) => onEnds({ ...ends, from: event.currentTarget.value })}
        {...wrong}
      />
      <TextInput
        label="to"
        aria-label={`${name}, to`}
        inputMode="decimal"
        placeholder="as the data"
        value={ends.to}
        onChange={(event) => onEnds({ ...ends, to: event.currentTarget.value })}
      />
    </Group>
  )
}

const endsOf = (zoom: Zoom): Ends =>
  zoom
    ? { from: String(Number(zoom[0].toPrecision(8))), to: String(Number(zoom[1].toPrecision(8))) }
    : { from: '', to: '' }

/** The range of two fields; null where both are empty. */
function rangeOf(ends: Ends, whole: readonly [number, number]): Zoom | 'wrong' {
  if (ends.from.trim() === '' && ends.to.trim() === '') return null
  const [from, to] = [numberOf(ends.from, whole[0]), numberOf(ends.to, whole[1])]
  return Number.isFinite(from) && Number.isFinite(to) && from < to ? [from, to] : 'wrong'
}

const numberOf = (text: string, empty: number): number =>
  text.trim() === '' ? empty : Number(text.replaceAll(',', '').replace('−', '-'))
