import type { Spread } from "./statistics.ts";

/** A Markdown table that is also read well as it stands. The first `texts` columns are words, the others numbers. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], texts = 1): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const isText = (column: number) => column < texts;
  const line = (cells: readonly string[]) => {
    const padded = widths.map((width, column) => {
      const cell = cells[column] ?? "";
      return isText(column) ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) => (isText(column) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(header), line(rule), ...rows.map(line)].join("\n");
}

/** What stands where there is nothing to say. */
const NOTHING = "–";

/** With a thin mark between thousands: 12 345. */
export function whole(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString("en-US").replaceAll(",", " ") : NOTHING;
}

export function decimals(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : NOTHING;
}

/** Median, and in brackets where the middle half lies. */
export function ratio({ median, lowerQuartile, upperQuartile }: Spread): string {
  if (!Number.isFinite(median)) return NOTHING;
  return `${median.toFixed(2)} (${lowerQuartile.toFixed(2)}–${upperQuartile.toFixed(2)})`;
}
