/** `deploy/grafana/onceward.json`: the classic model, which every Grafana since version 8 imports. */
import { type Panel, ROWS, VARIABLES } from "./panels.ts";

const DATASOURCE = { type: "prometheus", uid: "$datasource" } as const;
/** A row of the grid is so wide; panels are laid out from left to right. */
const GRID_WIDTH = 24;
const PANEL_HEIGHT = 8;

interface Laid {
  readonly id: number;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

export function dashboard(): string {
  return `${JSON.stringify(
    {
      uid: "onceward",
      title: "onceward",
      description: "Generated from scripts/deploy/panels.ts by `npm run generate`; do not edit.",
      tags: ["onceward"],
      schemaVersion: 39,
      version: 1,
      editable: true,
      graphTooltip: 1,
      refresh: "30s",
      time: { from: "now-3h", to: "now" },
      timezone: "",
      templating: { list: [datasourceVariable(), ...VARIABLES.map(queryVariable)] },
      annotations: { list: [] },
      links: [],
      panels: laidOut(),
    },
    null,
    2,
  )}\n`;
}

function laidOut() {
  const panels: object[] = [];
  let [id, y] = [1, 0];
  for (const { title, panels: inRow } of ROWS) {
    panels.push({
      id: id++,
      type: "row",
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: GRID_WIDTH, h: 1 },
    });
    y += 1;
    let x = 0;
    for (const panel of inRow) {
      const w = panel.width ?? 8;
      if (x + w > GRID_WIDTH) [x, y] = [0, y + PANEL_HEIGHT];
      panels.push(rendered(panel, { id: id++, gridPos: { x, y, w, h: PANEL_HEIGHT } }));
      x += w;
    }
    y += PANEL_HEIGHT;
  }
  return panels;
}

function rendered({ title, meaning, unit, kind = "timeseries", queries, max }: Panel, laid: Laid) {
  const instant = kind !== "timeseries";
  return {
    ...laid,
    type: kind,
    title,
    description: meaning,
    datasource: DATASOURCE,
    targets: queries.map(({ expression, legend }, index) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr: expression,
      legendFormat: legend,
      ...(instant
        ? { instant: true, range: false, format: kind === "table" ? "table" : "time_series" }
        : { range: true }),
    })),
    fieldConfig: {
      defaults: { unit, min: 0, ...(max !== undefined && { max }), custom: kind === "timeseries" ? LINES : {} },
      overrides: [],
    },
    options:
      kind === "timeseries"
        ? { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } }
        : {},
  };
}

const LINES = { lineWidth: 1, fillOpacity: 10, showPoints: "never", spanNulls: false } as const;

function datasourceVariable() {
  return { name: "datasource", label: "Data source", type: "datasource", query: "prometheus", hide: 0, refresh: 1 };
}

function queryVariable({ name, label, query }: (typeof VARIABLES)[number]) {
  return {
    name,
    label,
    type: "query",
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: ".*",
    current: { selected: true, text: ["All"], value: ["$__all"] },
    hide: 0,
  };
}
