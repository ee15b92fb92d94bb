/** Whether a process of this id runs on this machine: what the lock beside a file asks of the id that it holds. */
export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // The signal 0 of a process of another user is refused, not unknown.
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}
