import { openEmbedded } from "../support/embedded-harness.ts";
import { conformance } from "./suite.ts";

conformance("embedded", openEmbedded);
