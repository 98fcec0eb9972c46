"use strict";
// The order's page renews itself when something happened. Without a script, loading it again does.
(() => {
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  const isTyped = (one) => one.type === "radio" ? one.checked !== one.defaultChecked : one.value !== one.defaultValue;
  const isTyping = () => [...document.querySelectorAll("#pesanan input, #pesanan textarea")].some(isTyped);
  const renew = async () => {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok) return sleep(5000 + Math.random() * 5000);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("pesanan"), old = document.getElementById("pesanan");
    if (fresh && old) old.replaceWith(fresh);
  };
  const follow = async () => {
    for (;;) {
      const here = document.getElementById("pesanan");
      if (!here || !here.dataset.tunggu) return; // what came back refused stays until it is sent
      try {
        const place = here.dataset.tunggu + "?tanda=" + here.dataset.tanda;
        const answer = await fetch(place, { credentials: "same-origin" });
        if (answer.status === 404) return;
        if (answer.status === 200) {
          while (isTyping()) await sleep(2000);
          await renew();
        } else if (answer.status !== 204) await sleep(5000 + Math.random() * 5000);
      } catch { await sleep(5000 + Math.random() * 5000); }
      while (document.hidden) await sleep(1000);
    }
  };
  follow();
})();
