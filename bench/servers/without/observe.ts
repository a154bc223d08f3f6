import type * as Real from "../../../src/service/observe.ts";

export const observe: typeof Real.observe = () => {};
export const observeBegin: typeof Real.observeBegin = () => {};
export const observeUnguarded: typeof Real.observeUnguarded = () => {};
export const observeComplete: typeof Real.observeComplete = () => {};
export const observeGet: typeof Real.observeGet = () => {};
