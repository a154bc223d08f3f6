/** How much is measured, and how long it may take. */
export interface Size {
  readonly rounds: number;
  /**
   * Sets of processes that share the rounds, one after the other. Two copies of a program differ by a tenth for as long
   * as they run, by what V8 optimizes when and where the system puts it: no number of rounds shows that, new copies do.
   */
  readonly lives: number;
  readonly burstMs: number;
  /** Before the first round, of every variant: V8 takes thousands of calls to settle. */
  readonly warmUpMs: number;
  /** How often and how long load is offered to each variant at a fixed rate. */
  readonly offerRounds: number;
  readonly offerMs: number;
  /** No round is begun that would end later than this, s: a slow machine gets fewer rounds, not a longer wait. */
  readonly secondsMax: number;
  /** Records that are present before the embedded store is measured. */
  readonly records: number;
  /** How long the embedded store is measured, s. */
  readonly embeddedSeconds: number;
  /** How many records there are when the cost of one is looked at, rising. */
  readonly scaleRecords: readonly number[];
  /** Bursts of each kind at each of these sizes, and of each number of shards. */
  readonly scaleRounds: number;
  /** Records that are left to expire, of each store. */
  readonly expiring: number;
  /** Starts of a sidecar of each kind. */
  readonly starts: number;
  /** How long a sidecar is called while its memory is watched, s. */
  readonly loadSeconds: number;
}

export const QUICK: Size = {
  rounds: 4,
  lives: 1,
  burstMs: 300,
  warmUpMs: 700,
  offerRounds: 1,
  offerMs: 700,
  secondsMax: 40,
  records: 50_000,
  embeddedSeconds: 10,
  scaleRecords: [1000, 50_000],
  scaleRounds: 4,
  expiring: 20_000,
  starts: 2,
  loadSeconds: 3,
};

export const WHOLE: Size = {
  rounds: 10,
  lives: 1,
  burstMs: 800,
  warmUpMs: 5000,
  offerRounds: 3,
  offerMs: 1000,
  secondsMax: 540,
  records: 500_000,
  embeddedSeconds: 30,
  scaleRecords: [1000, 100_000, 1_000_000],
  scaleRounds: 10,
  expiring: 50_000,
  starts: 9,
  loadSeconds: 20,
};
