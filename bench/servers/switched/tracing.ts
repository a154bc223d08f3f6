import * as real from "../../../src/telemetry/tracing.ts";
import { traces } from "./switch.ts";

export const { spanOfNow } = real;

export class Tracing extends real.Tracing {
  override get active(): boolean {
    return traces() && super.active;
  }

  override current(): real.Span | undefined {
    return traces() ? super.current() : undefined;
  }

  override answered(...answered: Parameters<real.Tracing["answered"]>): void {
    if (traces()) super.answered(...answered);
  }
}
