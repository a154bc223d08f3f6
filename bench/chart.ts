/** Bar charts as SVG, by hand: no font is embedded, and both light and dark pages can hold them. */

/** One picture: bars beside their names, all on one scale. */
export interface Panel {
  readonly title: string;
  readonly unit: string;
  /** Names of the parts that a bar is stacked from; one name = plain bars. */
  readonly parts: readonly string[];
  readonly bars: readonly Bar[];
  /** Lines across all bars, such as a floor. */
  readonly marks?: readonly Mark[];
}

interface Bar {
  readonly label: string;
  /** One for each part; what is not finite is left out. */
  readonly values: readonly number[];
  /** Where the middle half of what was measured lies, around the end of the bar. */
  readonly iqr?: readonly [lower: number, upper: number];
}

interface Mark {
  readonly label: string;
  readonly value: number;
}

const WIDTH = 960;
const LABEL_WIDTH = 220;
/** Left of the frame for the number at the end of the longest bar. */
const NUMBER_WIDTH = 90;
const BAR_HEIGHT = 16;
const ROW_HEIGHT = 22;
const TITLE_HEIGHT = 54;
const PANEL_GAP = 28;
const MARGIN = 16;
/** Told apart by people who do not tell red from green, on white and on black (after Okabe and Ito). */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7"];
const INK = "#777";

/** The panels below each other. */
export function chart(heading: string, panels: readonly Panel[]): string {
  let top = MARGIN + TITLE_HEIGHT / 2;
  const drawn = panels.map((panel) => {
    const from = top;
    top += TITLE_HEIGHT + panel.bars.length * ROW_HEIGHT + PANEL_GAP;
    return drawPanel(panel, from);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}"
  font-family="system-ui, sans-serif" font-size="12" fill="${INK}" role="img" aria-label="${escaped(heading)}">
${text(heading, MARGIN, MARGIN + 8)}
${drawn.join("\n")}
</svg>
`;
}

function drawPanel({ title, unit, parts, bars, marks = [] }: Panel, top: number): string {
  const ends = bars.map(({ values, iqr }) => Math.max(total(values), iqr?.[1] ?? 0));
  const longest = Math.max(...ends.filter(Number.isFinite), ...marks.map(({ value }) => value));
  const room = WIDTH - 2 * MARGIN - LABEL_WIDTH - NUMBER_WIDTH;
  const scale = (value: number) => (longest > 0 ? (value / longest) * room : 0);
  const rowsTop = top + TITLE_HEIGHT;
  const lines = [
    text(`${title} (${unit})`, MARGIN, top + 16, 'font-weight="bold" font-size="14"'),
    parts.length > 1 ? legend(parts, top + 36) : "",
    ...bars.map((bar, row) => drawBar(bar, rowsTop + row * ROW_HEIGHT, scale)),
    ...marks.map((mark) => drawMark(mark, { top: rowsTop, height: bars.length * ROW_HEIGHT, scale })),
  ];
  return lines.filter((line) => line !== "").join("\n");
}

type Scale = (value: number) => number;
const BARS_AT = MARGIN + LABEL_WIDTH;

function drawBar({ label, values, iqr }: Bar, y: number, scale: Scale): string {
  let at = BARS_AT;
  const pieces = values.map((value, part) => {
    if (!Number.isFinite(value) || value <= 0) return "";
    const width = scale(value);
    const piece = rectangle({ x: at, y: y + 2, width, height: BAR_HEIGHT, fill: colour(part) });
    at += width;
    return piece;
  });
  const whisker = iqr === undefined || !iqr.every(Number.isFinite) ? "" : drawWhisker(iqr, y + 2, scale);
  const end = Math.max(at, BARS_AT + (iqr === undefined ? 0 : scale(iqr[1]) || 0));
  return [
    text(label, BARS_AT - 8, y + 14, 'text-anchor="end"'),
    ...pieces,
    whisker,
    text(inShort(total(values)), end + 6, y + 14),
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function drawWhisker([lower, upper]: readonly [number, number], y: number, scale: Scale): string {
  const [from, to] = [BARS_AT + scale(lower), BARS_AT + scale(upper)].map((x) => x.toFixed(1));
  const middle = y + BAR_HEIGHT / 2;
  const [above, below] = [y + 4, y + BAR_HEIGHT - 4];
  const path = `M${from} ${above}V${below}M${to} ${above}V${below}M${from} ${middle}H${to}`;
  return `<path d="${path}" stroke="${INK}" fill="none"/>`;
}

function drawMark({ label, value }: Mark, area: { top: number; height: number; scale: Scale }): string {
  const x = (BARS_AT + area.scale(value)).toFixed(1);
  const line = `<path d="M${x} ${area.top}V${area.top + area.height}" stroke="${INK}" stroke-dasharray="4 3"/>`;
  return `${line}\n${text(label, Number(x), area.top - 4, 'text-anchor="middle"')}`;
}

function legend(parts: readonly string[], y: number): string {
  const step = 150;
  return parts
    .map((name, part) => {
      const x = MARGIN + part * step;
      const swatch = rectangle({ x, y: y - 9, width: 10, height: 10, fill: colour(part) });
      return `${swatch}\n${text(name, x + 16, y)}`;
    })
    .join("\n");
}

function rectangle({ x, y, width, height, fill }: Record<"x" | "y" | "width" | "height", number> & { fill: string }) {
  return `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${height}" fill="${fill}"/>`;
}

function text(words: string, x: number, y: number, more = ""): string {
  return `<text x="${x.toFixed(1)}" y="${y}"${more === "" ? "" : ` ${more}`}>${escaped(words)}</text>`;
}

function colour(part: number): string {
  return COLOURS[part % COLOURS.length] ?? INK;
}

function total(values: readonly number[]): number {
  return values.filter(Number.isFinite).reduce((sum, value) => sum + value, 0);
}

/** Three figures are as many as anybody reads off a bar. */
function inShort(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));
}

function escaped(words: string): string {
  return words.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);
}
