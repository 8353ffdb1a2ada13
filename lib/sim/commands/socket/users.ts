import type { Machine } from '../../os/index.ts';
import { SocketFile } from './socket-file.ts';

/** Who has a socket open, by its inode: `("nc",pid=712,fd=3),…`, the youngest process first. */
export function socketUsers(machine: Machine): Map<number, string> {
  const users = new Map<number, string>();
  const processes = [...machine.processes.values()].sort((a, b) => b.pid - a.pid);
  for (const { pid, comm, fds } of processes) {
    for (const [fd, file] of fds) {
      if (!(file instanceof SocketFile)) continue;
      const { ino } = file.socket;
      const known = users.get(ino);
      users.set(ino, `${known === undefined ? '' : `${known},`}("${comm}",pid=${pid},fd=${fd})`);
    }
  }
  return users;
}

/** The youngest process that has a socket open, by its inode: what netstat shows. */
export function socketOwners(machine: Machine): Map<number, { readonly pid: number; readonly name: string }> {
  const owners = new Map<number, { readonly pid: number; readonly name: string }>();
  for (const { pid, comm, fds } of machine.processes.values())
    for (const file of fds.values()) if (file instanceof SocketFile) owners.set(file.socket.ino, { pid, name: comm });
  return owners;
}
