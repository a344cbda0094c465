// Draws each figure from the table that stands in it, so that chart and table cannot say different things.
// Nothing moves (a print would catch a chart half drawn); shapes, dashes and numbers tell what colour tells.
"use strict";
(() => {
  const INK = "#1b2430", SOFT = "#556070", LINE = "#d5dbe3", BLUE = "#1d3f66", RED = "#a3211b";
  const SHAPES = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle"];
  const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [2, 2]];
  const TONES = ["#1d3f66", "#a3211b", "#4a6b2a", "#8a5300", "#5b4a86", "#2a7f86", "#6b6b6b"];
  const FONT = getComputedStyle(document.documentElement).fontFamily;

  const read = (figure) => {
    const cells = (row) => [...row.cells].map((cell) => cell.textContent.trim());
    const table = figure.querySelector("table");
    return { headings: cells(table.tHead.rows[0]), rows: [...table.tBodies[0].rows].map(cells) };
  };
  const number = (text) => (text === "" || text === "—" ? null : Number(text.replaceAll(",", "")));
  const escape = (text) => text.replace(/[{}|]/g, "");
  const narrow = () => window.innerWidth < 640;
  const shorten = (text, most) => ([...text].length > most ? [...text].slice(0, most - 1).join("") + "…" : text);
  const axis = { axisLine: { lineStyle: { color: SOFT } }, axisLabel: { color: INK, fontFamily: FONT }, splitLine: { lineStyle: { color: LINE } } };

  const kinds = {
    funnel: (data, choice) => {
      const row = data.rows.find((each) => each[0] === choice) ?? data.rows[0] ?? [""];
      const values = row.slice(1).map(number);
      const first = Math.max(...values, 1);
      return {
        height: 300,
        option: {
          grid: { left: 84, right: 90, top: 8, bottom: 8 },
          xAxis: { type: "value", show: false, max: first },
          yAxis: { type: "category", inverse: true, data: data.headings.slice(1), ...axis, axisTick: { show: false } },
          series: [{
            type: "bar", data: values, barWidth: "62%", itemStyle: { color: BLUE, borderColor: INK, borderWidth: 1 },
            label: { show: true, position: "right", color: INK, fontFamily: FONT, formatter: ({ value }) => `${value} 个  ${Math.round((100 * value) / first)}%` },
          }],
        },
      };
    },

    heat: (data, _choice, figure) => {
      const columns = data.headings.slice(1), names = data.rows.map((row) => row[0]);
      const whole = figure.dataset.scale === "all";
      const values = data.rows.map((row) => row.slice(1).map(number));
      const all = Math.max(1e-9, ...values.flat().map((value) => Math.abs(value ?? 0)));
      const most = columns.map((_name, x) => (whole ? all : Math.max(1e-9, ...values.map((row) => Math.abs(row[x] ?? 0)))));
      const cells = values.flatMap((row, y) => row.map((value, x) => ({
        value: [x, y, Math.abs(value ?? 0) / most[x]], told: data.rows[y][x + 1],
        itemStyle: value < 0 ? { borderColor: RED, borderWidth: 2 } : undefined,
        label: { color: Math.abs(value ?? 0) / most[x] > 0.7 ? "#fff" : INK },
      })));
      return {
        height: (narrow() ? 44 : 32) + 25 * names.length,
        option: {
          grid: { left: 4, right: 8, top: 4, bottom: 4, containLabel: true },
          xAxis: { type: "category", position: "top", data: columns, ...axis, axisTick: { show: false }, axisLabel: { color: INK, fontFamily: FONT, interval: 0, fontSize: narrow() ? 10 : 12, formatter: (name) => (narrow() ? name.replace(/(.{2})(?=.)/gu, "$1\n") : name) } },
          yAxis: { type: "category", inverse: true, data: names, ...axis, axisTick: { show: false }, axisLabel: { color: INK, fontFamily: FONT, interval: 0 } },
          visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: ["#ffffff", "#dbe6f2", "#9dbbd9", "#4b74a3", "#1d3f66"] } },
          series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: LINE, borderWidth: 1 }, label: { show: true, fontFamily: FONT, fontSize: narrow() ? 9 : 11, formatter: ({ data: cell }) => cell.told } }],
        },
      };
    },

    ranks: (data) => {
      const months = data.headings.slice(1), last = data.rows.length;
      return {
        height: 90 + 26 * last,
        option: {
          grid: { left: 30, right: narrow() ? 86 : 130, top: 12, bottom: 28 },
          tooltip: { trigger: "item", renderMode: "richText", formatter: ({ seriesName, name, value }) => `${escape(seriesName)} ${name}：第 ${value} 名` },
          xAxis: { type: "category", data: months, boundaryGap: false, ...axis },
          yAxis: { type: "value", inverse: true, min: 1, max: Math.max(last, 2), interval: 1, ...axis, splitLine: { show: false } },
          series: data.rows.map((row, place) => ({
            type: "line", name: row[0], data: row.slice(1).map(number), symbol: SHAPES[place % SHAPES.length], symbolSize: 8,
            lineStyle: { width: 2, type: DASHES[place % DASHES.length], color: TONES[place % TONES.length] }, itemStyle: { color: TONES[place % TONES.length] },
            endLabel: { show: true, formatter: () => shorten(row[0], narrow() ? 6 : 9), color: INK, fontFamily: FONT }, labelLayout: { moveOverlap: "shiftY" },
            emphasis: { focus: "series" },
          })),
        },
      };
    },

    pace: (data) => {
      const months = data.rows.map((row) => row[0]);
      const styles = [{ width: 3, type: "solid", color: BLUE }, { width: 2, type: "dashed", color: INK }, { width: 2, type: "dotted", color: RED }];
      return {
        height: 310,
        option: {
          grid: { left: 8, right: narrow() ? 70 : 110, top: 36, bottom: 8, containLabel: true },
          xAxis: { type: "category", data: months, boundaryGap: false, ...axis },
          yAxis: { type: "value", name: "万元", min: 0, ...axis },
          series: data.headings.slice(1).map((name, place) => ({
            type: "line", name, data: data.rows.map((row) => number(row[place + 1])), symbol: SHAPES[place], symbolSize: place ? 5 : 8, lineStyle: styles[place % 3],
            itemStyle: { color: styles[place % 3].color }, areaStyle: place ? undefined : { color: "#dbe6f2" },
            endLabel: { show: true, formatter: () => name, color: INK, fontFamily: FONT }, labelLayout: { moveOverlap: "shiftY" },
          })),
        },
      };
    },

    timeline: (data, _choice, figure) => {
      const stages = data.headings.slice(1, -2), plan = data.headings.at(-2), end = data.headings.at(-1), day = figure.dataset.day, names = data.rows.map((row) => row[0]);
      const points = (column) => data.rows.flatMap((row, y) => (row[column] ? [[row[column], y]] : []));
      const spans = data.rows.map((row, y) => { const days = row.slice(1).filter(Boolean).sort(); return [days[0], days.at(-1), y]; });
      return {
        height: 70 + 20 * names.length,
        option: {
          color: TONES,
          legend: { top: 0, type: "scroll", textStyle: { color: INK, fontFamily: FONT }, data: [...stages, plan, end] },
          grid: { left: 8, right: 16, top: 40, bottom: 22, containLabel: true },
          tooltip: { trigger: "item", renderMode: "richText", formatter: ({ seriesName, value, data: point }) => (seriesName ? `${escape(shorten(names[(point.value ?? value)[1]] ?? "", 30))}\n${seriesName} ${(point.value ?? value)[0]}` : "") },
          xAxis: { type: "time", position: "top", ...axis },
          yAxis: { type: "category", inverse: true, data: names, ...axis, axisTick: { show: false }, axisLabel: { color: INK, fontFamily: FONT, interval: 0, fontSize: 11, formatter: (name) => shorten(name, narrow() ? 11 : 26) } },
          series: [
            { type: "custom", silent: true, data: spans, encode: { x: [0, 1], y: 2 }, renderItem: (_params, api) => {
              const from = api.coord([api.value(0), api.value(2)]), to = api.coord([api.value(1), api.value(2)]);
              return { type: "line", shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: { stroke: "#9aa6b5", lineWidth: 2 } };
            } },
            ...stages.map((name, place) => ({ type: "scatter", name, data: points(place + 1), symbol: SHAPES[place], symbolSize: 9, itemStyle: { color: TONES[place], borderColor: INK, borderWidth: 0.5 } })),
            { type: "scatter", name: plan, data: points(stages.length + 1), symbol: "emptyDiamond", symbolSize: 11, itemStyle: { color: RED, borderWidth: 2 } },
            { type: "scatter", name: end, data: points(stages.length + 2), markLine: { silent: true, symbol: "none", data: [{ xAxis: day }], lineStyle: { color: INK, type: "dashed" }, label: { formatter: `截至 ${day}`, color: INK, fontFamily: FONT, position: "end" } }, symbol: "path://M0,0 L3,0 L3,14 L0,14 Z", symbolSize: [4, 15], itemStyle: { color: RED } },
          ],
        },
      };
    },
  };

  const draw = (figure) => {
    const canvas = figure.querySelector(".canvas"), data = read(figure), make = kinds[figure.dataset.chart];
    if (!data.rows.length || !make) return;
    let choice = data.rows[0][0];
    let chart = null;
    const show = () => {
      const { height, option } = make(data, choice, figure);
      canvas.style.height = `${height}px`;
      chart ??= echarts.init(canvas, null, { renderer: "canvas", devicePixelRatio: Math.max(2, window.devicePixelRatio) });
      chart.resize();
      chart.setOption({ animation: false, textStyle: { fontFamily: FONT }, ...option }, true);
    };
    if (figure.dataset.chart === "funnel" && data.rows.length > 1) {
      const label = document.createElement("label"), select = document.createElement("select");
      label.append("单位 ", select);
      for (const row of data.rows) select.add(new Option(row[0]));
      select.addEventListener("change", () => { choice = select.value; show(); });
      figure.querySelector(".controls").append(label);
    }
    show();
    let width = canvas.clientWidth;
    new ResizeObserver(() => { if (canvas.clientWidth && canvas.clientWidth !== width) { width = canvas.clientWidth; show(); } }).observe(canvas);
  };

  // A link to what stands in a closed part opens it.
  const reveal = () => document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("details")?.setAttribute("open", "");
  window.addEventListener("hashchange", reveal);
  reveal();

  const all = () => {
    document.querySelectorAll("figure[data-chart]").forEach(draw);
    document.documentElement.dataset.drawn = "yes";
  };
  // The page's own font first: a canvas drawn before it has come would keep the other one.
  document.fonts.load('16px "Lifecycle Sans"', "项").then(all, all);
})();
