import { hostname, userInfo } from "node:os";

/** Who types, for the records and the audit log: `user@host`. A container may run a user that has no name. */
export function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return hostname();
  }
}
