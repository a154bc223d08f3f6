import type { StreamAddress } from "../domain/address.ts";
import type { Standing } from "../domain/standing.ts";
import type { ServiceDeps } from "./context.ts";
import { observe } from "./observe.ts";

/** Where does the stream stand? Undefined = nobody knows it. */
export async function getSequence(deps: ServiceDeps, address: StreamAddress): Promise<Standing | undefined> {
  const standing = await deps.store.sequences.read(address);
  observe(deps, address, "SequenceGet", standing === undefined ? "not_found" : "found");
  return standing;
}
