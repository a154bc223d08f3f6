import { systemClock } from "../base/clock.ts";
import type { InjectSettings } from "../config/inject.ts";
import type { Environment } from "../config/load.ts";
import { checkPair } from "../inject/certificate.ts";
import { Followed } from "../inject/followed.ts";
import { type FollowedFile, InjectorTally } from "../inject/metrics.ts";
import { startInjectorOps } from "../inject/ops.ts";
import { readTemplate } from "../inject/template.ts";
import { startWebhook, type Webhook } from "../inject/webhook.ts";
import type { Logger } from "../telemetry/logger.ts";
import { Tracing } from "../telemetry/tracing.ts";
import { openExportAsAsked } from "./export.ts";

/** A running injector. */
export interface Injector {
  /** The webhook's address, the port being the real one. */
  readonly listen: string;
  /** The ops listener's. */
  readonly ops: string;
  /** Answers what runs within the configured time, then closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

interface Around {
  readonly logger: Logger;
  /** Where the standard `OTEL_*` variables are. */
  readonly environment: Environment;
}

/** Reads its files and opens both listeners. Rejects, with nothing left open, when one of them cannot be had. */
export async function startInjector(settings: InjectSettings, { logger, environment }: Around): Promise<Injector> {
  const opened: Array<() => Promise<void> | void> = [];
  const closeAll = async () => {
    for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close();
  };
  const stopping = new AbortController();
  const tally = new InjectorTally();
  const told = (what: FollowedFile) => ({
    everyMs: settings.reload,
    onFault: (error: unknown) => {
      tally.countReload(what, false);
      logger.error({ err: error }, `the ${what} is not taken; the last good one stays in use`);
    },
  });
  const taken = (what: FollowedFile, about: object) => {
    tally.countReload(what, true);
    logger.info(about, `a new ${what} is in use`);
  };
  try {
    const exported = await openExportAsAsked(environment, logger);
    if (exported !== undefined) opened.push(() => exported.close());
    const template = await Followed.open({
      ...told("template"),
      paths: [settings.template],
      make: ([text = ""]) => readTemplate(text),
      onChange: ({ hash, version }) => taken("template", { hash, version }),
    });
    opened.push(() => template.close());
    let webhook: Webhook | undefined;
    const pair = await Followed.open({
      ...told("certificate"),
      paths: [settings.certificate, settings.private_key],
      make: ([certificate = "", key = ""]) => checkPair({ certificate, key }),
      onChange: (next) => {
        webhook?.show(next);
        taken("certificate", { not_after: new Date(next.notAfter).toISOString() });
      },
    });
    opened.push(() => pair.close());
    webhook = await startWebhook(
      { template: () => template.value, tally, logger, tracing: new Tracing(exported?.tracer) },
      pair.value,
      settings.listen,
    );
    const { address, stop: stopWebhook } = webhook;
    opened.push(() => stopWebhook(settings.drain));
    const ops = await startInjectorOps(
      { tally, clock: systemClock, notAfter: () => pair.value.notAfter, stopping: stopping.signal },
      settings.ops_listen,
    );
    // Closed after the webhook: while it drains, /readyz says so.
    opened.splice(opened.length - 1, 0, () => ops.stop());
    const stop = () => {
      stopping.abort();
      return closeAll();
    };
    return { listen: address, ops: ops.address, stop };
  } catch (error) {
    stopping.abort();
    await closeAll();
    throw error;
  }
}
