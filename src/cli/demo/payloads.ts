import { hash, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import type { WebhookDefinition } from "@octokit/webhooks-examples";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { CommandFailed, EXIT } from "../exit.ts";
import type { Place } from "./messages.ts";

/** One real payload, as GitHub's documentation shows it. */
export interface Payload {
  /** Type and action, such as `issues.opened`. */
  readonly name: string;
  /** Whose it is: a repository, an organisation or a user; `-` if it says none. No spaces. */
  readonly about: string;
  /** The JSON text. */
  readonly body: string;
}

/** An event as it is delivered: GitHub gives each a delivery id that is nobody else's. */
export interface SentEvent {
  readonly index: number;
  /** Key of the record, and first column of the file of effects. */
  readonly id: string;
  readonly payload: Payload;
  /** See {@link digestOf}; of the payload that GitHub sent, not of a changed one. */
  readonly digest: string;
  /** Absent where order does not matter. */
  readonly place?: Place;
}

/** What the payloads have in common, as far as the demo reads them. */
interface Common {
  readonly action?: string;
  readonly repository?: { readonly full_name?: string };
  readonly organization?: { readonly login?: string };
  readonly sender?: { readonly login?: string };
}

export function loadPayloads(): Payload[] {
  return readDefinitions().flatMap(({ name, examples }) => {
    // One union member a webhook; these few members are optional in all of them.
    return (examples as readonly Common[]).map((example) => ({
      name: example.action === undefined ? name : `${name}.${example.action}`,
      about: example.repository?.full_name ?? example.organization?.login ?? example.sender?.login ?? "-",
      body: JSON.stringify(example),
    }));
  });
}

/** The package is one JSON file without `exports`; an import of JSON would put its 4 MB into every start. */
function readDefinitions(): WebhookDefinition[] {
  try {
    return createRequire(import.meta.url)("@octokit/webhooks-examples");
  } catch (cause) {
    throw new CommandFailed(EXIT.usage, ["the demo's payloads are not in the image: run it from the package"], cause);
  }
}

/** Ids are fresh, so that a second demo against the same sidecar is not taken for a repetition of the first. */
export function sentEvent(index: number, payload: Payload): SentEvent {
  return { index, id: randomUUID(), payload, digest: digestOf(payload.body) };
}

/** The same JSON as another program would write it: the members in another order. Not a different payload. */
export function rewritten(body: string): string {
  return JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(body)).reverse()));
}

/** A payload that the id was never used for. */
export function changed(body: string): string {
  return JSON.stringify({ ...JSON.parse(body), action: "forged" });
}

/** Says what was applied, whatever the order of members: SHA-256 of the canonical JSON, shortened for the eye. */
export function digestOf(body: string): string {
  return hash("sha256", canonicalJson(body), "hex").slice(0, 16);
}
