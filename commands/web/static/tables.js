// Sorts and filters tables in the browser, by button and field, so by keyboard too. Without this
// script every table is as the page has it.
"use strict";
(() => {
  const FEWEST_ROWS_TO_FILTER = 12;
  const collator = new Intl.Collator("zh-CN-u-co-pinyin", { numeric: true });
  // In the order of pinyin, the first character of each initial; none begins with i, u or v.
  const FIRST_OF_INITIALS = [..."阿八嚓\u5491\u59b8发旮哈丌咔垃妈\u62cf噢\u5991七\u5465仨他\u5c72夕丫\u5e00"];
  const INITIALS = [..."abcdefghjklmnopqrstwxyz"];
  // Characters with another reading, and its initial: 长虹乡 is sought as chx.
  const OTHER_READINGS = new Map(
    "埔p伺s畜x曾z咯k蛤g咳k茄q槛j辟b泊b脯f匙c厦x吁y轧z长c重c行h乐y单s朝z盛c".match(/../gu).map((pair) => [...pair]),
  );
  const NUMBER = /^[-+]?[\d,]+(\.\d+)?%?$/;

  const initialOf = (character) => {
    if (!/\p{Script=Han}/u.test(character)) return character.toLowerCase();
    const place = FIRST_OF_INITIALS.findLastIndex((first) => collator.compare(first, character) <= 0);
    return INITIALS[place] ?? character;
  };

  const otherInitialOf = (character) => OTHER_READINGS.get(character) ?? initialOf(character);

  const initialsOf = (text) => [
    [...text].map(initialOf).join(""),
    [...text].map(otherInitialOf).join(""),
  ];

  // Rows that say that there is nothing have one cell for all columns.
  const dataRows = (table) =>
    [...table.tBodies[0].rows].filter((row) => !row.querySelector("[colspan]"));

  const cellText = (row, column) => row.cells[column].textContent.trim();

  const numberOf = (text) => Number(text.replace(/[,%]/g, ""));

  const compareTexts = (one, other) => {
    if (NUMBER.test(one) && NUMBER.test(other)) return numberOf(one) - numberOf(other);
    return collator.compare(one, other);
  };

  const isEmpty = (text) => text === "" || text === "—";

  // What is empty stays last, whichever way the others are sorted.
  const sortRows = (table, column, sign) => {
    const rows = dataRows(table);
    const texts = new Map(rows.map((row) => [row, cellText(row, column)]));
    rows.sort((one, other) => {
      const [text, otherText] = [texts.get(one), texts.get(other)];
      if (isEmpty(text) || isEmpty(otherText)) return isEmpty(text) - isEmpty(otherText);
      return sign * compareTexts(text, otherText);
    });
    table.tBodies[0].append(...rows);
  };

  const addSorting = (table) => {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      // A bar has no text to sort by.
      if (heading.querySelector(".unseen")) return;
      const button = document.createElement("button");
      button.className = "sort";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const isAscending = heading.getAttribute("aria-sort") === "ascending";
        headings.forEach((each) => each.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", isAscending ? "descending" : "ascending");
        sortRows(table, column, isAscending ? -1 : 1);
      });
    });
  };

  const addFilter = (table) => {
    const rows = dataRows(table);
    // The ranking is looked at as a whole, on the first screen.
    const isRanking = table.classList.contains("ranking");
    if (rows.length < FEWEST_ROWS_TO_FILTER || isRanking) return;
    const texts = rows.map((row) => {
      const text = row.textContent.toLowerCase();
      return [text, ...initialsOf(text)].join("\n");
    });
    const label = document.createElement("label");
    const input = document.createElement("input");
    const count = document.createElement("span");
    label.className = "filter";
    input.type = "search";
    input.placeholder = "文字或拼音首字母";
    count.setAttribute("role", "status");
    label.append("筛选 ", input, count);
    table.closest(".wide").before(label);
    input.addEventListener("input", () => {
      const sought = input.value.trim().toLowerCase();
      let shown = 0;
      rows.forEach((row, place) => {
        row.hidden = !texts[place].includes(sought);
        shown += row.hidden ? 0 : 1;
      });
      count.textContent = sought ? `${shown} / ${rows.length} 行` : "";
    });
  };

  const enhance = () => {
    // A list that is on several pages is sorted and searched by the server.
    for (const table of document.querySelectorAll(".wide table:not([data-listed], [data-ready])")) {
      table.dataset.ready = "yes";
      if (dataRows(table).length < 2) continue;
      addSorting(table);
      addFilter(table);
    }
  };

  document.addEventListener("htmx:afterSwap", enhance);
  enhance();
})();
