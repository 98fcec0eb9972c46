// Where the buyer stands goes into the search's own address, rounded to about a kilometre, and only
// when he asks for it.
"use strict";
const button = document.getElementById("dekat");
const form = document.getElementById("saring");
if (button && form && "geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.posisi.value = `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`;
        form.elements.urut.value = "dekat";
        form.submit();
      },
      () => {
        button.removeAttribute("aria-busy");
        document.getElementById("tak-tahu").hidden = false;
      },
      { maximumAge: 600000, timeout: 15000 },
    );
  });
}
