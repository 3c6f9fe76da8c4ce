/** What floats above a page, with all that places it and keeps the focus in it. Loaded by `../floats.ts` alone. */
import { Drawer, Menu, Modal, Popover, Select } from '@mantine/core'
import { Notifications, notifications } from '@mantine/notifications'

export const floats = { Drawer, Menu, Modal, Popover, Select, Notifications, notifications }
