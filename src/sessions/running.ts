/** Whether something writes to the session in this folder now. Nothing tells that yet. */
export const isRunning: (folder: string) => Promise<boolean> = () => Promise.resolve(false);
