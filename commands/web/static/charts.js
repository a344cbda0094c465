// Draws each figure from the table inside it, so that chart and table cannot differ.
// Nothing is animated, because a print would catch a chart half drawn. Whatever colour
// says is also said by shapes, dashes or numbers.
"use strict";
(() => {
  // Letters, lines and fills of a chart. Heat runs from the worst through nothing to the best:
  // points lost are red, points earned blue.
  const LIGHT = {
    ink: "#1b2430",
    soft: "#556070",
    line: "#d5dbe3",
    ground: "#fff",
    blue: "#1d3f66",
    red: "#a3211b",
    bar: "#4b74a3",
    area: "#dbe6f2",
    span: "#9aa6b5",
    strongFrom: 0.7,
    onStrong: "#fff",
    series: ["#1d3f66", "#a3211b", "#4a6b2a", "#8a5300", "#5b4a86", "#2a7f86", "#6b6b6b"],
    heat: [
      "#a3211b",
      "#cf6a60",
      "#e9aaa2",
      "#f8e0dc",
      "#ffffff",
      "#dbe6f2",
      "#9dbbd9",
      "#4b74a3",
      "#1d3f66",
    ],
  };
  const DARK = {
    ink: "#e6eaf0",
    soft: "#aab5c3",
    line: "#38424f",
    ground: "#171c23",
    blue: "#6d9fd6",
    red: "#ff9b92",
    bar: "#6d9fd6",
    area: "#22364c",
    span: "#65717f",
    strongFrom: 0.83,
    onStrong: "#000",
    series: ["#9cc3f0", "#ff9b92", "#a5cf7c", "#e5bd6a", "#c3b1f2", "#6fd0d6", "#c3c9d1"],
    heat: [
      "#ff9b92",
      "#99423b",
      "#6f322d",
      "#3d2423",
      "#171c23",
      "#1f2f42",
      "#29496b",
      "#2a5786",
      "#9cc3f0",
    ],
  };
  let palette = LIGHT;
  const SHAPES = [
    "circle",
    "rect",
    "triangle",
    "diamond",
    "emptyCircle",
    "emptyRect",
    "emptyTriangle",
  ];
  const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [2, 2]];
  const FONT = getComputedStyle(document.documentElement).fontFamily;
  const textStyle = () => ({ color: palette.ink, fontFamily: FONT });
  const axisStyle = () => ({
    axisLine: { lineStyle: { color: palette.soft } },
    axisLabel: textStyle(),
    splitLine: { lineStyle: { color: palette.line } },
  });
  const PHONE_WIDTH = 640;

  // Reading the table

  const cellTexts = (row) => [...row.cells].map((cell) => cell.textContent.trim());

  const readTable = (figure) => {
    const table = figure.querySelector("table");
    return {
      headings: cellTexts(table.tHead.rows[0]),
      rows: [...table.tBodies[0].rows].map(cellTexts),
    };
  };

  const readNumber = (text) => {
    if (text === "" || text === "—") return null;
    return Number(text.replaceAll(",", ""));
  };

  const rowNames = (table) => table.rows.map((row) => row[0]);

  // Texts

  // Braces and bars are markup in the rich texts of ECharts.
  const withoutMarkup = (text) => text.replace(/[{}|]/g, "");
  const isNarrow = () => window.innerWidth < PHONE_WIDTH;

  const shorten = (text, most) => {
    const characters = [...text];
    if (characters.length <= most) return text;
    return `${characters.slice(0, most - 1).join("")}…`;
  };

  const pick = (list, place) => list[place % list.length];

  // Each kind of chart gives its height and the options of ECharts

  const funnel = (table, chosenName) => {
    const row = table.rows.find((each) => each[0] === chosenName) ?? table.rows[0] ?? [""];
    const values = row.slice(1).map(readNumber);
    const highest = Math.max(...values, 1);
    const share = (value) => Math.round((100 * value) / highest);
    return {
      height: 300,
      option: {
        grid: { left: 84, right: 90, top: 8, bottom: 8 },
        xAxis: { type: "value", show: false, max: highest },
        yAxis: {
          type: "category",
          inverse: true,
          data: table.headings.slice(1),
          ...axisStyle(),
          axisTick: { show: false },
        },
        series: [
          {
            type: "bar",
            data: values,
            barWidth: "62%",
            itemStyle: { color: palette.blue, borderColor: palette.ink, borderWidth: 1 },
            label: {
              show: true,
              position: "right",
              ...textStyle(),
              formatter: ({ value }) => `${value} 个  ${share(value)}%`,
            },
          },
        ],
      },
    };
  };

  // The value to which each column's shades are relative: the column's own, or one for all.
  const heatScales = (values, columns, hasOneScale) => {
    const highestOf = (numbers) => {
      const sizes = numbers.map((value) => Math.abs(value ?? 0));
      // Not zero, by which the shades of an empty column would be divided.
      return Math.max(1e-9, ...sizes);
    };
    const highest = highestOf(values.flat());
    return columns.map((_name, x) => (hasOneScale ? highest : highestOf(values.map((row) => row[x]))));
  };

  const heatCell = (value, text, x, y, scale, sign) => {
    const shade = (sign * (value ?? 0)) / scale;
    return {
      value: [x, y, shade],
      text,
      itemStyle: value < 0 ? { borderColor: palette.red, borderWidth: 2 } : undefined,
      // Strong shades need letters of the other lightness.
      label: { color: Math.abs(shade) > palette.strongFrom ? palette.onStrong : palette.ink },
    };
  };

  const heat = (table, _chosenName, figure) => {
    const columns = table.headings.slice(1);
    const names = rowNames(table);
    const values = table.rows.map((row) => row.slice(1).map(readNumber));
    const scales = heatScales(values, columns, figure.dataset.scale === "all");
    // The first column holds what is not late yet.
    const isWorse = figure.dataset.worse === "more";
    const cells = values.flatMap((row, y) =>
      row.map((value, x) => heatCell(value, table.rows[y][x + 1], x, y, scales[x], isWorse && x > 0 ? -1 : 1)),
    );
    const inPairs = (name) => name.replace(/(.{2})(?=.)/gu, "$1\n");
    return {
      height: (isNarrow() ? 44 : 32) + 25 * names.length,
      option: {
        grid: { left: 4, right: 8, top: 4, bottom: 4, containLabel: true },
        xAxis: {
          type: "category",
          position: "top",
          data: columns,
          ...axisStyle(),
          axisTick: { show: false },
          axisLabel: {
            ...textStyle(),
            interval: 0,
            fontSize: isNarrow() ? 10 : 12,
            formatter: (name) => (isNarrow() ? inPairs(name) : name),
          },
        },
        yAxis: {
          type: "category",
          inverse: true,
          data: names,
          ...axisStyle(),
          axisTick: { show: false },
          axisLabel: { ...textStyle(), interval: 0 },
        },
        visualMap: {
          show: false,
          min: -1,
          max: 1,
          dimension: 2,
          inRange: { color: palette.heat },
        },
        series: [
          {
            type: "heatmap",
            data: cells,
            itemStyle: { borderColor: palette.line, borderWidth: 1 },
            label: {
              show: true,
              fontFamily: FONT,
              fontSize: isNarrow() ? 9 : 11,
              formatter: ({ data: cell }) => cell.text,
            },
          },
        ],
      },
    };
  };

  const rankLine = (row, place) => {
    const tone = pick(palette.series, place);
    return {
      type: "line",
      name: row[0],
      data: row.slice(1).map(readNumber),
      symbol: pick(SHAPES, place),
      symbolSize: 8,
      lineStyle: { width: 2, type: pick(DASHES, place), color: tone },
      itemStyle: { color: tone },
      endLabel: {
        show: true,
        formatter: () => shorten(row[0], isNarrow() ? 6 : 9),
        ...textStyle(),
      },
      labelLayout: { moveOverlap: "shiftY" },
      emphasis: { focus: "series" },
    };
  };

  const ranks = (table) => {
    const last = table.rows.length;
    return {
      height: 90 + 26 * last,
      option: {
        grid: { left: 30, right: isNarrow() ? 86 : 130, top: 12, bottom: 28 },
        tooltip: {
          trigger: "item",
          renderMode: "richText",
          formatter: ({ seriesName, name, value }) =>
            `${withoutMarkup(seriesName)} ${name}：第 ${value} 名`,
        },
        xAxis: { type: "category", data: table.headings.slice(1), boundaryGap: false, ...axisStyle() },
        yAxis: {
          type: "value",
          inverse: true,
          min: 1,
          max: Math.max(last, 2),
          interval: 1,
          ...axisStyle(),
          splitLine: { show: false },
        },
        series: table.rows.map(rankLine),
      },
    };
  };

  // The first line is what was reached; pace and target are only compared with it.
  const paceStyles = () => [
    { width: 3, type: "solid", color: palette.blue },
    { width: 2, type: "dashed", color: palette.ink },
    { width: 2, type: "dotted", color: palette.red },
  ];

  const paceLine = (table, name, place) => {
    const style = pick(paceStyles(), place);
    const isReached = place === 0;
    return {
      type: "line",
      name,
      data: table.rows.map((row) => readNumber(row[place + 1])),
      symbol: SHAPES[place],
      symbolSize: isReached ? 8 : 5,
      lineStyle: style,
      itemStyle: { color: style.color },
      areaStyle: isReached ? { color: palette.area } : undefined,
      endLabel: { show: true, formatter: () => name, ...textStyle() },
      labelLayout: { moveOverlap: "shiftY" },
    };
  };

  const pace = (table) => ({
    height: 310,
    option: {
      grid: { left: 8, right: isNarrow() ? 70 : 110, top: 36, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: rowNames(table), boundaryGap: false, ...axisStyle() },
      yAxis: { type: "value", name: "万元", min: 0, ...axisStyle() },
      series: table.headings.slice(1).map((name, place) => paceLine(table, name, place)),
    },
  });

  // A bar for what was reached; a thin upright line marks the target.
  const bars = (table) => ({
    height: 44 + 24 * table.rows.length,
    option: {
      grid: { left: 8, right: 8, top: 4, bottom: 24, containLabel: true },
      xAxis: { type: "value", min: 0, ...axisStyle(), axisLabel: { ...textStyle(), hideOverlap: true } },
      // The completion stands on the right, where no target's mark covers it.
      yAxis: [rowNames(table), table.rows.map((row) => row[3])].map((texts) => ({
        type: "category",
        inverse: true,
        data: texts,
        ...axisStyle(),
        axisTick: { show: false },
        axisLabel: { ...textStyle(), interval: 0 },
      })),
      series: [
        {
          type: "bar",
          barWidth: "58%",
          data: table.rows.map((row) => readNumber(row[1])),
          itemStyle: { color: palette.bar, borderColor: palette.ink, borderWidth: 1 },
        },
        {
          type: "scatter",
          name: table.headings[2],
          data: table.rows.map((row, y) => [readNumber(row[2]), y]),
          symbol: "rect",
          symbolSize: [4, 20],
          itemStyle: { color: palette.red },
        },
      ],
    },
  });

  // A thin line for each project, from its first day to its last one.
  const drawSpan = (_params, api) => {
    const from = api.coord([api.value(0), api.value(2)]);
    const to = api.coord([api.value(1), api.value(2)]);
    return {
      type: "line",
      shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
      style: { stroke: palette.span, lineWidth: 2 },
    };
  };

  const dayLine = (day) => ({
    silent: true,
    symbol: "none",
    data: [{ xAxis: day }],
    lineStyle: { color: palette.ink, type: "dashed" },
    label: { formatter: `截至 ${day}`, ...textStyle(), position: "end" },
  });

  const timelineSeries = (table, stages, plan, end, day) => {
    const points = (column) =>
      table.rows.flatMap((row, y) => (row[column] ? [[row[column], y]] : []));
    const spans = table.rows.map((row, y) => {
      const days = row.slice(1).filter(Boolean).sort();
      return [days[0], days.at(-1), y];
    });
    const stagePoints = (name, place) => ({
      type: "scatter",
      name,
      data: points(place + 1),
      symbol: SHAPES[place],
      symbolSize: 9,
      itemStyle: { color: palette.series[place], borderColor: palette.ink, borderWidth: 0.5 },
    });
    return [
      {
        type: "custom",
        silent: true,
        data: spans,
        encode: { x: [0, 1], y: 2 },
        renderItem: drawSpan,
      },
      ...stages.map(stagePoints),
      {
        type: "scatter",
        name: plan,
        data: points(stages.length + 1),
        symbol: "emptyDiamond",
        symbolSize: 11,
        itemStyle: { color: palette.red, borderWidth: 2 },
      },
      {
        type: "scatter",
        name: end,
        data: points(stages.length + 2),
        markLine: dayLine(day),
        symbol: "path://M0,0 L3,0 L3,14 L0,14 Z",
        symbolSize: [4, 15],
        itemStyle: { color: palette.red },
      },
    ];
  };

  const timeline = (table, _chosenName, figure) => {
    const stages = table.headings.slice(1, -2);
    const plan = table.headings.at(-2);
    const end = table.headings.at(-1);
    const names = rowNames(table);
    const tooltip = ({ seriesName, value, data }) => {
      // The line of the day belongs to no project.
      if (!seriesName) return "";
      const point = data.value ?? value;
      const name = withoutMarkup(shorten(names[point[1]] ?? "", 30));
      return `${name}\n${seriesName} ${point[0]}`;
    };
    return {
      height: 70 + 20 * names.length,
      option: {
        color: palette.series,
        legend: { top: 0, type: "scroll", textStyle: textStyle(), data: [...stages, plan, end] },
        grid: { left: 8, right: 16, top: 40, bottom: 22, containLabel: true },
        tooltip: { trigger: "item", renderMode: "richText", formatter: tooltip },
        xAxis: { type: "time", position: "top", ...axisStyle() },
        yAxis: {
          type: "category",
          inverse: true,
          data: names,
          ...axisStyle(),
          axisTick: { show: false },
          axisLabel: {
            ...textStyle(),
            interval: 0,
            fontSize: 11,
            formatter: (name) => shorten(name, isNarrow() ? 11 : 26),
          },
        },
        series: timelineSeries(table, stages, plan, end, figure.dataset.day),
      },
    };
  };

  const CHARTS = { bars, funnel, heat, ranks, pace, timeline };

  // Drawing

  const addUnitPicker = (figure, table, onChange) => {
    const label = document.createElement("label");
    const select = document.createElement("select");
    label.append("单位 ", select);
    for (const row of table.rows) select.add(new Option(row[0]));
    select.addEventListener("change", () => onChange(select.value));
    figure.querySelector(".controls").append(label);
  };

  const addSaving = (figure, getChart) => {
    const button = document.createElement("button");
    button.textContent = "保存为图片";
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.download = `${figure.querySelector("figcaption h3").textContent}.png`;
      // A picture without a ground of its own would be black in some programs.
      link.href = getChart().getDataURL({ type: "png", backgroundColor: palette.ground });
      link.click();
    });
    figure.querySelector(".controls").append(button);
  };

  const onWidthChange = (canvas, redraw) => {
    let width = canvas.clientWidth;
    const observer = new ResizeObserver(() => {
      // Zero inside a closed part, where nothing can be drawn.
      if (canvas.clientWidth && canvas.clientWidth !== width) {
        width = canvas.clientWidth;
        redraw();
      }
    });
    observer.observe(canvas);
  };

  const redraws = [];

  const draw = (figure) => {
    const canvas = figure.querySelector(".canvas");
    const table = readTable(figure);
    const describe = CHARTS[figure.dataset.chart];
    if (!table.rows.length || !describe) return;
    let chosenName = table.rows[0][0];
    let chart = null;
    const redraw = () => {
      const { height, option } = describe(table, chosenName, figure);
      canvas.style.height = `${height}px`;
      chart ??= echarts.init(canvas, null, {
        renderer: "canvas",
        // Paper shows more detail than most screens.
        devicePixelRatio: Math.max(2, window.devicePixelRatio),
      });
      chart.resize();
      chart.setOption({ animation: false, textStyle: { fontFamily: FONT }, ...option }, true);
    };
    if (figure.dataset.chart === "funnel" && table.rows.length > 1) {
      addUnitPicker(figure, table, (name) => {
        chosenName = name;
        redraw();
      });
    }
    redraw();
    addSaving(figure, () => chart);
    onWidthChange(canvas, redraw);
    redraws.push(() => {
      redraw();
      // Paper does not wait for the next frame.
      chart.getZr().flush();
    });
  };

  // Dark screens get light letters; paper is white on every machine.
  const DARK_SCREEN = matchMedia("screen and (prefers-color-scheme: dark)");
  const repaint = (isDark) => {
    palette = isDark ? DARK : LIGHT;
    redraws.forEach((redraw) => redraw());
  };
  DARK_SCREEN.addEventListener("change", () => repaint(DARK_SCREEN.matches));
  window.addEventListener("beforeprint", () => repaint(false));
  window.addEventListener("afterprint", () => repaint(DARK_SCREEN.matches));

  const drawAll = () => {
    palette = DARK_SCREEN.matches ? DARK : LIGHT;
    document.querySelectorAll("figure[data-chart]").forEach(draw);
    document.documentElement.dataset.drawn = "yes";
  };

  // A link to something inside a closed part opens that part.
  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    target?.closest("details")?.setAttribute("open", "");
  };
  window.addEventListener("hashchange", openTarget);
  openTarget();

  // The page's own font first, where the machine needs it: a canvas drawn before it is loaded would
  // keep another one. Laying out the page starts to load what it needs, and nothing else.
  void document.body.offsetHeight;
  document.fonts.ready.then(drawAll, drawAll);
})();
