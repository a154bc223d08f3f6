import type * as Real from "../../../src/store/observed.ts";

export const observedStore: typeof Real.observedStore = (store) => store;
