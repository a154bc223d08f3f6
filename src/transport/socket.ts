import { chmodSync, lstatSync, unlinkSync } from "node:fs";
import { connect } from "node:net";

const UNIX = "unix:";

/** The path of a `unix:/path` address; undefined for a TCP one. */
export function socketPath(listen: string): string | undefined {
  return listen.startsWith(UNIX) ? listen.slice(UNIX.length) : undefined;
}

/** Host and port of a `host:port` address, the brackets of an IPv6 host taken off. */
export function hostAndPort(listen: string): { readonly host: string; readonly port: number } {
  const colon = listen.lastIndexOf(":");
  return { host: listen.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(listen.slice(colon + 1)) };
}

/**
 * Removes the socket that a killed process left behind. One that still answers stays, as does anything that is no
 * socket, and binding to it fails.
 */
export async function removeStaleSocket(listen: string): Promise<void> {
  const path = socketPath(listen);
  // A file that is no socket refuses connections just as an abandoned socket does.
  if (path === undefined || !lstatSync(path, { throwIfNoEntry: false })?.isSocket()) return;
  const abandoned = await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.on("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
  if (abandoned) unlinkSync(path);
}

/** Lets others connect, or nobody else: a socket is made with what the umask leaves, which is neither. */
export function setSocketMode(listen: string, mode: number): void {
  const path = socketPath(listen);
  if (path !== undefined) chmodSync(path, mode);
}
