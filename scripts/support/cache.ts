import { homedir } from "node:os";
import { join } from "node:path";

/** Where what the tests fetch from registries is kept between runs, for every checkout of this user. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "onceward-tests");
