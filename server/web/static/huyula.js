"use strict";
// What the pages do a little better with a script. Everything works without it.
(() => {
  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    form.querySelectorAll("button").forEach((one) => one.setAttribute("aria-disabled", "true"));
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach((one) => one.removeAttribute("aria-disabled"));
    });
  });

  // Lists follow the search field while one types; the address follows, too.
  let asked = 0;
  const fetchPart = async (address, id) => {
    const mine = ++asked;
    const answer = await fetch(address, { credentials: "same-origin" });
    if (mine !== asked || !answer.ok || answer.redirected) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(id), old = document.getElementById(id);
    if (fresh && old) old.replaceWith(fresh);
    return Boolean(fresh);
  };
  document.querySelectorAll("form[data-live]").forEach((form) => {
    let timer = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const address = form.action.split("?")[0] + "?" + new URLSearchParams(new FormData(form));
        try {
          if (await fetchPart(address, form.dataset.live)) history.replaceState(null, "", address);
        } catch { /* no network: the button still works */ }
      }, 250);
    });
  });

  // Today's figures renew themselves while somebody looks at them.
  const live = document.querySelector("[data-renew]");
  if (live) setInterval(() => {
    if (!document.hidden) fetchPart(location.href, live.id).catch(() => {});
  }, Number(live.dataset.renew) * 1000);

  // A pairing code counts its time down.
  document.querySelectorAll("[data-left]").forEach((one) => {
    const ends = Date.now() + Number(one.dataset.left) * 1000;
    const tick = () => {
      const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
      one.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
      if (!left) { clearInterval(timer); document.body.classList.add("ended"); }
    };
    const timer = setInterval(tick, 1000);
    tick();
  });
})();
