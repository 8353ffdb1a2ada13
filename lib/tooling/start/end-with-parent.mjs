// @ts-check
/**
 * Preloaded into the server: ends it when its parent is gone, however it went. An orphan is given another parent, which
 * shows in process.ppid. What the server itself forks inherits this preload and has another parent from the start.
 */
const parent = Number(process.env.HOPWISE_PARENT);

if (process.ppid === parent) {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}
