// Shows a clause's text below the row that names it. Without this script its link leads to the text.
"use strict";
(() => {
  const quotedBelow = (row) => {
    const below = row.nextElementSibling;
    return below?.classList.contains("quoted") ? below : null;
  };

  const close = (quoted) => {
    quoted.previousElementSibling.querySelector("a.clause").setAttribute("aria-expanded", "false");
    quoted.remove();
  };

  // A row between others would be sorted and filtered with them.
  const closeAll = () => document.querySelectorAll("tr.quoted").forEach(close);

  const open = (link, row) => {
    const text = document.getElementById(link.hash.slice(1));
    const quoted = document.createElement("tr");
    const cell = quoted.insertCell();
    const list = document.createElement("dl");
    quoted.className = "quoted";
    cell.colSpan = row.cells.length;
    list.append(...[...text.children].map((part) => part.cloneNode(true)));
    cell.append(list);
    row.after(quoted);
    link.setAttribute("aria-expanded", "true");
  };

  // On the document, since lists are exchanged while they are searched. Before a heading's own
  // listener, which moves the rows.
  const clicked = (event) => {
    if (event.target.closest("th .sort")) closeAll();
    const link = event.target.closest("a.clause");
    if (!link) return;
    event.preventDefault();
    const row = link.closest("tr");
    const quoted = quotedBelow(row);
    if (quoted) close(quoted);
    else open(link, row);
  };

  document.addEventListener("click", clicked, true);
  document.addEventListener("input", closeAll);
})();
