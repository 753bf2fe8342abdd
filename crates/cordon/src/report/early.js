"use strict";
// Runs before the data are read, so that a page with thousands of devices is never white in a dark room nor empty
// without a word. The block keeps its names to itself.
{
  const asked = /[?&]theme=(light|dark)/.exec(location.search);
  let chosen = null;
  try {
    chosen = localStorage.getItem("cordon.theme");
  } catch (error) {
    // A private window remembers nothing.
  }
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = (asked ? asked[1] : chosen || system) === "dark" ? "dark" : "light";
  const line = document.createElement("p");
  line.className = "reading";
  line.textContent = "Reading the report…";
  document.getElementById("main").append(line);
}
