import { setFlagsFromString } from "node:v8";

/**
 * By how much the old generation may grow beyond what survived its last collection, percent. Beside an embedded store,
 * whose memory comes on top of V8's, half as much: see docs/adr/0017-collect-sooner-beside-an-embedded-store.md.
 */
const GROWTH_PERCENT = { redis: 100, embedded: 50 } as const;

/**
 * Lets the old generation grow that far before it is collected. After the first few times V8 gave it 30 %, most of
 * which it keeps free for what comes from the young one: under load it was collected every one to two seconds, for 3
 * MB. Each time V8 drops the optimized code of functions that exist only while a call does, such as those that Node's
 * HTTP/2 and grpc-js make for each of them, and they are compiled anew; code that one call of a hundred runs is then
 * never optimized for long. See docs/adr/0015-collect-the-old-generation-seldom.md.
 *
 * Holds from the next collection on. To be said when calls come: a start leaves little behind.
 */
export function collectOldSeldom(store: keyof typeof GROWTH_PERCENT): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT[store]}`);
}
