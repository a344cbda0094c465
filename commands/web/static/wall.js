// The page on a wall: full screen at a click, and always a word on how old its figures are.
// htmx renews the part inside, so full screen lasts and a server at rest leaves the last figures.
"use strict";
(() => {
  const status = document.getElementById("wall-status");
  const button = document.getElementById("wall-full");
  let renewedAt = new Date();

  const clock = () =>
    renewedAt.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

  const showRenewed = () => {
    renewedAt = new Date();
    status.textContent = `更新于 ${clock()}`;
    status.classList.remove("down");
  };

  const showOld = () => {
    status.textContent = `▲ 未能更新，所示为 ${clock()} 的数据`;
    status.classList.add("down");
  };

  // After a session ends the answer is the form to log in, which has none of this page.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, isError } = event.detail;
    if (isError || xhr.responseText.includes('id="main"')) return;
    event.detail.shouldSwap = false;
    location.reload();
  });
  document.body.addEventListener("htmx:afterSwap", showRenewed);
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(failure, showOld);
  }

  button.addEventListener("click", () => document.documentElement.requestFullscreen());
  document.addEventListener("fullscreenchange", () => {
    button.hidden = document.fullscreenElement !== null;
  });
  button.hidden = !document.fullscreenEnabled;
  showRenewed();
})();
