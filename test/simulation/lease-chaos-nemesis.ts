/** Does harm to a minority of lease nodes at a time. */
import { pause } from "../../src/base/wait.ts";
import type { World, WorldNode } from "./lease-chaos-world.ts";

/** Between two acts, ms. */
const REST_MS = 150;
/** Between two jumps of a clock, ms: less than it takes to acquire a lease. */
const SHIFT_REST_MS = 2;
/** Longest wait until all nodes vote again, ms: more than a node that lost its data is kept out. */
const RECOVERY_MS = 20_000;

interface Harm {
  readonly name: "kill" | "hold" | "drop";
  act(node: WorldNode, random: () => number): Promise<void>;
}

const KILL: Harm = {
  name: "kill",
  act: async ({ server }, random) => {
    await server.kill();
    await pause(random() * 200);
    await server.restart();
  },
};

const HOLD: Harm = {
  name: "hold",
  act: async ({ server }, random) => {
    server.hold();
    await pause(random() * 700);
    server.letGo();
  },
};

/** For one of the sidecars only. */
const DROP: Harm = {
  name: "drop",
  act: async ({ proxies }, random) => {
    const proxy = proxies[Math.floor(random() * proxies.length)];
    proxy?.swallowReplies();
    await pause(random() * 400);
    proxy?.pass();
  },
};

const HARMS: readonly Harm[] = [KILL, KILL, HOLD, DROP];

/**
 * Clocks that jump ahead, on any nodes at any time: they end leases early, and so have several holders raise the fence
 * of one resource at once, which the locks alone would keep from happening.
 */
export async function shiftClocks(
  world: World,
  locks: readonly string[],
  { random, signal }: { readonly random: () => number; readonly signal: AbortSignal },
): Promise<number> {
  let count = 0;
  while (!signal.aborted) {
    await pause(random() * SHIFT_REST_MS, signal);
    const lock = locks[Math.floor(random() * locks.length)] ?? "";
    const nodes = world.nodes.filter(() => random() < 0.7);
    await Promise.all(nodes.map(({ client }) => client.pexpire(lock, 0).catch(() => 0)));
    count++;
  }
  return count;
}

/**
 * Until the signal says stop; then every node is back. Counts what was done. Nodes that forget are left alone until
 * they vote again: what a second loss would take is more than a minority. With `durable` ones there is no such wait.
 */
export async function afflict(
  world: World,
  {
    durable,
    random,
    signal,
  }: { readonly durable: boolean; readonly random: () => number; readonly signal: AbortSignal },
): Promise<Map<Harm["name"], number>> {
  const counts = new Map<Harm["name"], number>();
  while (!signal.aborted) {
    await pause(random() * REST_MS, signal);
    const most = world.nodes.length - world.majority;
    const victims = world.nodes.toSorted(() => random() - 0.5).slice(0, 1 + Math.floor(random() * most));
    await Promise.all(
      victims.map(async (node) => {
        const harm = HARMS[Math.floor(random() * HARMS.length)] ?? KILL;
        counts.set(harm.name, (counts.get(harm.name) ?? 0) + 1);
        node.touched = true;
        node.wellSince = Number.POSITIVE_INFINITY;
        await harm.act(node, random);
        node.touched = false;
      }),
    );
    if (!durable || signal.aborted) await recovered(world);
  }
  return counts;
}

/** @throws when nodes do not come back by themselves. */
async function recovered({ stores }: World): Promise<void> {
  const end = performance.now() + RECOVERY_MS;
  const states = () => stores.flatMap((store) => store.status().nodes);
  while (!states().every(({ state }) => state === "voting")) {
    if (performance.now() > end) throw new Error(`nodes do not come back: ${JSON.stringify(states())}`);
    await pause(5);
  }
}
