import { totalmem } from 'node:os'

const MiB = 2 ** 20

/** Memory that this process may count on, in bytes: the machine's, or less inside a container with a limit. */
export function machineMemory(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}

/**
 * PostgreSQL's settings for a machine with so many bytes of memory. What makes an acknowledged row safe (fsync, full_page_writes,
 * synchronous_commit) is stated, so that no configuration file in the data folder can switch it off.
 */
export function engineSettings(memoryBytes: number): Record<string, string> {
  const sharedBuffersMiB = within(64, Math.floor(memoryBytes / 16 / MiB), 1024)
  const maxWalMiB = within(512, Math.floor(memoryBytes / 8 / MiB), 4096)
  return {
    listen_addresses: '',
    unix_socket_permissions: '0700',
    max_connections: '40',
    shared_buffers: `${sharedBuffersMiB}MB`,
    max_wal_size: `${maxWalMiB}MB`,
    wal_compression: 'on',
    // The space of sealed batches is used again within a second. After a minute, the default, a table of a gigabyte is in the way.
    autovacuum_naptime: '1s',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
  }
}

function within(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
