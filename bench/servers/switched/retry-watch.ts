import type { RecordAddress } from "../../../src/domain/address.ts";
import * as real from "../../../src/telemetry/retry-watch.ts";
import { counts } from "./switch.ts";

export class RetryWatch extends real.RetryWatch {
  override duplicate(address: RecordAddress): void {
    if (counts()) super.duplicate(address);
  }
}
