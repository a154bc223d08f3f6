import { openReference } from "../support/reference-store.ts";
import { conformance } from "./suite.ts";

conformance("reference", openReference);
