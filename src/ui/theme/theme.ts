/** Mantine in our tokens: its variables point at ours, its controls take our sizes. */
import type {
  Button,
  Menu,
  Modal,
  Notification,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  Select,
  Skeleton,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { type CSSVariablesResolver, createTheme } from '@mantine/core'

/** What a component takes; named by type alone, so that no page loads components that it does not show. */
type For<C extends { extend: (of: never) => unknown }> = Parameters<C['extend']>[0]

const CONTROL = { size: 'xs' as const }

/** Controls 30 high, radius 6, hairline edge; one primary button per page is `variant="filled"`. */
export const theme = createTheme({
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--sans)', fontWeight: '600' },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1rem', sm: '1.25rem', md: '1.25rem', lg: '1.5rem', xl: '1.75rem' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  spacing: { xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  defaultRadius: 'md',
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  cursorType: 'pointer',
  respectReducedMotion: true,
  colors: {
    accent: [
      '#F0EEFC',
      '#E0DBFA',
      '#C9C0F5',
      '#B3A6FF',
      '#9C8CFF',
      '#7A66EA',
      '#5B45D6',
      '#4A36C0',
      '#3A2A9E',
      '#221E3D',
    ],
  },
  components: {
    Button: {
      defaultProps: { size: 'xs', variant: 'default' },
      vars: (_theme, props) => ({
        root: {
          ...(props.size === 'compact-xs'
            ? { '--button-height': '1.5rem', '--button-fz': '0.75rem', '--button-padding-x': '0.5rem' }
            : { '--button-height': '1.875rem', '--button-fz': '0.8125rem', '--button-padding-x': '0.75rem' }),
          ...(props.variant === 'filled'
            ? {
                '--button-bg': 'var(--accent)',
                '--button-hover': 'var(--accent-ink)',
                '--button-color': 'var(--on-accent)',
              }
            : {}),
        },
      }),
    } satisfies For<typeof Button>,
    TextInput: { defaultProps: CONTROL } satisfies For<typeof TextInput>,
    PasswordInput: { defaultProps: CONTROL } satisfies For<typeof PasswordInput>,
    Textarea: { defaultProps: CONTROL } satisfies For<typeof Textarea>,
    // Two arrows of 17 px say nothing that the arrow keys do not.
    NumberInput: { defaultProps: { ...CONTROL, hideControls: true } } satisfies For<typeof NumberInput>,
    Select: { defaultProps: { ...CONTROL, checkIconPosition: 'right', allowDeselect: false } } satisfies For<
      typeof Select
    >,
    SegmentedControl: { defaultProps: { size: 'xs' } } satisfies For<typeof SegmentedControl>,
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 120 } } } satisfies For<typeof Menu>,
    Modal: {
      defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' }, transitionProps: { duration: 120 } },
    } satisfies For<typeof Modal>,
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } } satisfies For<
      typeof Notification
    >,
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 120 } } } satisfies For<typeof Tooltip>,
    Skeleton: { defaultProps: { radius: 'md' } } satisfies For<typeof Skeleton>,
  },
})

const shared: Record<string, string> = {
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-anchor': 'var(--accent-ink)',
  '--mantine-color-error': 'var(--s-failed)',
  '--mantine-color-default': 'var(--bg)',
  '--mantine-color-default-hover': 'var(--bg-2)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-2)',
  '--mantine-color-disabled': 'var(--bg-2)',
  '--mantine-color-disabled-color': 'var(--text-3)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-ink)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-primary-color-light': 'var(--accent-soft)',
  '--mantine-primary-color-light-color': 'var(--accent-ink)',
  '--mantine-shadow-md': 'var(--shadow)',
  '--mantine-shadow-sm': 'var(--shadow)',
  '--mantine-shadow-xl': 'var(--shadow)',
}

/** The same names in both schemes, since the tokens themselves change with the scheme. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared })
