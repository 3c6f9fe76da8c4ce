/** Mantine in our tokens: its variables point at ours, its controls take our sizes. */
import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  Menu,
  Modal,
  Notification,
  PasswordInput,
  SegmentedControl,
  Select,
  Skeleton,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core'

const CONTROL = { size: 'xs' as const }

/** Controls 30 high, radius 6, hairline edge; one primary button per page is `variant="filled"`. */
export const theme = createTheme({
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--sans)', fontWeight: '600' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
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
    Button: Button.extend({
      defaultProps: { size: 'xs', variant: 'default' },
      vars: (_theme, props) => ({
        root: {
          ...(props.size === 'compact-xs'
            ? { '--button-height': '24px', '--button-fz': '12px', '--button-padding-x': '8px' }
            : { '--button-height': '30px', '--button-fz': '13px', '--button-padding-x': '12px' }),
          ...(props.variant === 'filled'
            ? {
                '--button-bg': 'var(--accent)',
                '--button-hover': 'var(--accent-ink)',
                '--button-color': 'var(--on-accent)',
              }
            : {}),
        },
      }),
    }),
    TextInput: TextInput.extend({ defaultProps: CONTROL }),
    PasswordInput: PasswordInput.extend({ defaultProps: CONTROL }),
    Textarea: Textarea.extend({ defaultProps: CONTROL }),
    Select: Select.extend({ defaultProps: { ...CONTROL, checkIconPosition: 'right', allowDeselect: false } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs' } }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', transitionProps: { duration: 120 } } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' }, transitionProps: { duration: 120 } },
    }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, transitionProps: { duration: 120 } } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: 'md' } }),
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
