import * as real from "../../../src/store/observed.ts";
import { runs } from "./switch.ts";

/** Those transitions that the bench asks for; the others are observed always. */
export const observedStore: typeof real.observedStore = (store, observers) => {
  const observed = real.observedStore(store, observers);
  const now = () => (runs() ? observed : store);
  return {
    ...observed,
    begin: (at, command, options) => now().begin(at, command, options),
    complete: (at, command) => now().complete(at, command),
    beginMany: (asks) => now().beginMany(asks),
    completeMany: (asks) => now().completeMany(asks),
  };
};
