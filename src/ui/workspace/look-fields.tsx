'use client'
import { Checkbox, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { GROUPED_BY, type Grouping, type Look, type LookOverride } from '#src/core/layouts/layout.ts'
import { type GROUP_BANDS, X_AXES } from '#src/core/metrics/chart-choices.ts'
import { X_WORDS } from '#src/ui/charts/axis-words.ts'
import { DEFAULT_SMOOTHING, parseSmoothing, smoothingText } from '#src/ui/charts/chart-look.ts'
import { ConfigKey, GROUP_WORDS, SMOOTHING_CHOICES } from '#src/ui/charts/chart-toolbar.tsx'
import { BAND_WORDS } from '#src/ui/charts/group-words.ts'
import { Select } from '#src/ui/kit/select.tsx'
import { endsText, readEnds } from './workspace-words.ts'

export interface FieldProps {
  look: Look
  onLook: (change: LookOverride) => void
  /** Metric keys for the x axis. */
  keys: readonly string[]
  /** Names it for a screen reader where several stand on a page: "of loss". */
  of?: string
}

const named = (label: string, of: string | undefined): string => (of ? `${label} ${of}` : label)

/** X axis, with the metric that lies on it. */
export function AxisField({ look, onLook, keys, of }: FieldProps) {
  return (
    <>
      <Select
        aria-label={named('X axis', of)}
        flex="1 1 130px"
        maw={184}
        comboboxProps={{ width: 200, position: 'bottom-start' }}
        value={look.x}
        data={X_AXES.map((axis) => ({
          value: axis,
          label: `x: ${X_WORDS[axis]}`,
          disabled: axis === 'metric' && keys.length === 0,
        }))}
        allowDeselect={false}
        onChange={(value) => {
          const x = X_AXES.find((axis) => axis === value) ?? 'step'
          onLook(x === 'metric' ? { x, xMetric: look.xMetric ?? keys[0] ?? null } : { x })
        }}
      />
      {look.x === 'metric' ? (
        <Select
          aria-label={named('Metric on the x axis', of)}
          w={160}
          searchable
          limit={100}
          allowDeselect={false}
          value={look.xMetric}
          data={[...new Set([...(look.xMetric === null ? [] : [look.xMetric]), ...keys])]}
          onChange={(value) => value !== null && onLook({ xMetric: value })}
        />
      ) : null}
    </>
  )
}

/** How lines are smoothed. */
export function SmoothingField({ look, onLook, of }: FieldProps) {
  const smoothing = look.smoothing ? smoothingText(look.smoothing) : 'off'
  const isListed =
    smoothing === 'off' || SMOOTHING_CHOICES.some(({ items }) => items.some((item) => item.value === smoothing))
  return (
    <Select
      aria-label={named('Smoothing', of)}
      flex="1 1 116px"
      maw={150}
      comboboxProps={{ width: 200, position: 'bottom-start' }}
      value={smoothing}
      allowDeselect={false}
      data={[
        { value: 'off', label: 'Not smoothed' },
        ...(isListed ? [] : [{ value: smoothing, label: `Smoothed ${smoothing.replace(':', ' ')}` }]),
        ...SMOOTHING_CHOICES,
      ]}
      onChange={(value) => {
        const read = value === null ? null : parseSmoothing(value)
        onLook({ smoothing: read === 'off' ? null : (read ?? DEFAULT_SMOOTHING) })
      }}
    />
  )
}

/** Runs drawn as one line each group, and what the line and its band are. */
export function GroupingField({ look, onLook, of }: FieldProps) {
  const { group } = look
  const [wantsKey, setWantsKey] = useState(false)
  const shape = { center: group?.center ?? 'mean', band: group?.band ?? 'min_max' } as const
  const set = (change: Partial<Grouping>) => group && onLook({ group: { ...group, ...change } })
  return (
    <>
      <Select
        aria-label={named('Grouping', of)}
        flex="1 1 120px"
        maw={160}
        comboboxProps={{ width: 180, position: 'bottom-start' }}
        allowDeselect={false}
        value={wantsKey ? 'config' : (group?.by ?? 'each')}
        data={[
          { value: 'each', label: 'Each run a line' },
          ...GROUPED_BY.map((by) => ({ value: by, label: GROUP_WORDS[by] })),
        ]}
        onChange={(value) => {
          const by = GROUPED_BY.find((known) => known === value)
          // Half a key groups nothing: it is asked for first.
          setWantsKey(by === 'config' && group?.by !== 'config')
          if (by !== 'config') onLook({ group: by ? { by, ...shape } : null })
        }}
      />
      {wantsKey || group?.by === 'config' ? (
        <ConfigKey
          known={group?.key ?? ''}
          onKey={(key) => {
            setWantsKey(false)
            onLook({ group: key === '' ? null : { by: 'config', key, ...shape } })
          }}
        />
      ) : null}
      {group ? (
        <>
          <Select
            aria-label={named('Center of a group', of)}
            w={98}
            allowDeselect={false}
            value={group.center}
            data={[
              { value: 'mean', label: 'Mean' },
              { value: 'median', label: 'Median' },
            ]}
            onChange={(value) => set({ center: value === 'median' ? 'median' : 'mean' })}
          />
          <Select
            aria-label={named('Band of a group', of)}
            w={116}
            allowDeselect={false}
            value={group.band}
            data={Object.entries(BAND_WORDS).map(([value, label]) => ({ value, label: label || 'No band' }))}
            onChange={(value) => value !== null && set({ band: value as (typeof GROUP_BANDS)[number] })}
          />
        </>
      ) : null}
    </>
  )
}

/** Scales, outliers, the range of y and superseded steps. */
export function ScaleFields({ look, onLook, of }: FieldProps) {
  const check = (label: string, word: 'logX' | 'logY' | 'outliers' | 'members' | 'superseded') => (
    <Checkbox
      size="xs"
      label={label}
      aria-label={named(label, of)}
      checked={look[word]}
      onChange={(event) => onLook({ [word]: event.currentTarget.checked })}
    />
  )
  return (
    <>
      {check('Log x', 'logX')}
      {check('Log y', 'logY')}
      {check('Outliers in view', 'outliers')}
      {check('Superseded steps', 'superseded')}
      {look.group ? check('Members of groups', 'members') : null}
      <RangeField look={look} onLook={onLook} of={of} />
    </>
  )
}

/** Bounds of y as `0..4`, taken when the hand leaves the field or presses Enter. */
function RangeField({ look, onLook, of }: Omit<FieldProps, 'keys'>) {
  const known = look.yMin === null && look.yMax === null ? '' : endsText([look.yMin, look.yMax])
  const [text, setText] = useState(known)
  useEffect(() => setText(known), [known])
  const ends = text.trim() === '' ? ([null, null] as const) : readEnds(text.trim())
  const take = () => {
    if (ends && text.trim() !== known) onLook({ yMin: ends[0], yMax: ends[1] })
  }
  return (
    <TextInput
      label="Range of y"
      aria-label={named('Range of y', of)}
      w={176}
      placeholder="as the data; 0..4, 0.. or ..4"
      value={text}
      error={ends ? null : 'Two numbers with dots between, the smaller first'}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take()
      }}
    />
  )
}
