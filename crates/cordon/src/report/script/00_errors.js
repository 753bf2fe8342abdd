"use strict";
// Counts what must never happen: an uncaught error, a rejected promise, a request that the page's own policy forbids.
// The check that opens the page in a browser reads the number from <html data-errors>; a reader sees one line.

const errors = { count: 0, first: "" };

function countError(text) {
  errors.count += 1;
  if (!errors.first) errors.first = text;
  document.documentElement.dataset.errors = String(errors.count);
  const place = document.getElementById("say");
  if (place && errors.count === 1) {
    place.className = "message broken";
    place.setAttribute("role", "alert");
    place.textContent = "A part of this page failed (" + text + "). The data are complete in the files beside this report.";
  }
}

document.documentElement.dataset.errors = "0";
window.addEventListener("error", (event) => countError(String(event.message || "error")));
window.addEventListener("unhandledrejection", (event) => countError(String(event.reason || "rejected")));
document.addEventListener("securitypolicyviolation", (event) => countError("forbidden: " + event.violatedDirective));
