'use client'
import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core'
import { BookA, Keyboard, LogOut, Monitor, Moon, Sun } from 'lucide-react'
import { useEffect, useState } from 'react'
import { openGlossary } from '#src/ui/glossary/open-glossary.ts'
import { openKeyList } from '#src/ui/keys/key-list.tsx'
import { Menu } from '#src/ui/kit/menu.tsx'
import { paths } from '#src/ui/paths.ts'
import styles from './shell.module.css'

const SCHEMES = [
  { value: 'auto', word: 'System', Icon: Monitor },
  { value: 'light', word: 'Light', Icon: Sun },
  { value: 'dark', word: 'Dark', Icon: Moon },
] as const

const leave = () => {
  void import('next-auth/react')
    .then(({ signOut }) => signOut({ redirect: false }))
    .finally(() => window.location.assign(paths.signIn()))
}

/** Who is signed in, the theme, and the way out. */
export function AccountMenu({ name, role }: { name: string; role: string }) {
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className={styles.avatar} aria-label={`Account of ${name}`}>
          {initials(name)}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name}, {role}
        </Menu.Label>
        <ThemeItems />
        <Menu.Divider />
        <HelpItems />
        <Menu.Item leftSection={<LogOut size={16} strokeWidth={1.75} aria-hidden />} onClick={leave}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** System, light or dark, as items of a menu. */
export function ThemeItems() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  // The server does not know the choice: it is marked once the page is alive.
  const [alive, setAlive] = useState(false)
  useEffect(() => setAlive(true), [])
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Theme</Menu.Label>
      <Menu.RadioGroup value={alive ? colorScheme : null} onChange={(value) => setColorScheme(schemeOf(value))}>
        {SCHEMES.map(({ value, word, Icon }) => (
          <Menu.RadioItem key={value} value={value} rightSection={<Icon size={16} strokeWidth={1.75} aria-hidden />}>
            {word}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  )
}

/** Opens the list of keys, where single keys are turned off too, and the glossary. */
export const HelpItems = () => (
  <>
    <Menu.Item leftSection={<Keyboard size={16} strokeWidth={1.75} aria-hidden />} onClick={openKeyList}>
      List of keys
    </Menu.Item>
    <Menu.Item leftSection={<BookA size={16} strokeWidth={1.75} aria-hidden />} onClick={() => openGlossary()}>
      Glossary
    </Menu.Item>
  </>
)

/** Sign out without the menu, for the phone's sheet. */
export function SignOutItem() {
  return (
    <Menu.Item leftSection={<LogOut size={16} strokeWidth={1.75} aria-hidden />} onClick={leave}>
      Sign out
    </Menu.Item>
  )
}

const schemeOf = (value: string): MantineColorScheme => SCHEMES.find((s) => s.value === value)?.value ?? 'auto'

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('') || '?'
