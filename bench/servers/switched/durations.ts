import { Durations as Real } from "../../../src/telemetry/durations.ts";
import { counts } from "./switch.ts";

export class Durations extends Real {
  override observe(first: string, second: string, ms: number): void {
    if (counts()) super.observe(first, second, ms);
  }
}
