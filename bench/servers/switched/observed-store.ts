import * as real from "../../../src/store/observed.ts";
import { counting, runs } from "./switch.ts";

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
    // The count of unfinished records, in the background, is part of counting: it goes on only while that is on.
    census: async (query) => {
      await counting();
      return store.census(query);
    },
  };
};
