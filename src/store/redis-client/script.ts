export interface Script {
  readonly text: string;
  /** What Redis calls it by. */
  readonly sha: string;
}
