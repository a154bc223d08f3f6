import * as real from "../../../src/service/observe.ts";
import { runs } from "./switch.ts";

export const observe: typeof real.observe = (...all) => {
  if (runs()) real.observe(...all);
};
export const observeBegin: typeof real.observeBegin = (deps, address, outcome) => {
  if (runs()) real.observeBegin(deps, address, outcome);
};
export const observeComplete: typeof real.observeComplete = (deps, address, outcome) => {
  if (runs()) real.observeComplete(deps, address, outcome);
};
export const { observeGet, observeUnguarded } = real;
