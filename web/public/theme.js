/* Runs before the first paint, as a file of its own because the page's policy allows no inline script: no flash of the wrong theme. */
(function () {
  var root = document.documentElement;
  var chosen = {};
  try {
    chosen = JSON.parse(localStorage.getItem("labelwright.appearance") || "{}") || {};
  } catch (error) {
    chosen = {};
  }
  root.dataset.theme = chosen.theme || "auto";
  root.dataset.density = chosen.density || "cosy";
  if (chosen.taskText_px) root.style.setProperty("--task-text", chosen.taskText_px + "px");
})();
