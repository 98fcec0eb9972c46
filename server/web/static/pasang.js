// Lets the browser keep the pages that were seen last (pekerja.js). All works without it.
"use strict";
if ("serviceWorker" in navigator) {
  const worker = navigator.serviceWorker;
  const isFirst = !worker.controller;
  // After all that the page shows: keeping it is worth no waiting.
  addEventListener("load", async () => {
    try {
      await worker.register("/pekerja.js");
      const { active } = await worker.ready;
      const loaded = performance.getEntriesByType("resource").map((one) => one.name);
      if (isFirst) active.postMessage([location.href.split("#")[0], ...loaded]);
    } catch {
      // A browser that forbids it goes on without.
    }
  });
}
