export type DriverState = 'applied' | 'plain' | 'half applied'
export const DRIVER_VERSION: string
export const DRIVER_MARK: string
export function driverState(folder: string): DriverState
export function patchDriver(folder: string, direction: 'apply' | 'reverse'): DriverState
