// @ts-check
/** Preloaded into the server: the channel to its parent closes when the parent is gone, however it went. */
process.channel?.unref();
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
