// The members' pages. Everything here only helps: each page is a plain form that works without it.

const RENEWED_EVERY = 12000; // milliseconds

// Lists renew themselves while somebody looks at them, and stay in place under the pointer and the focus.
const list = document.querySelector("[data-renews]");
if (list) setInterval(() => {
  const pointed = matchMedia("(hover: hover)").matches && list.matches(":hover");
  if (document.visibilityState === "visible" && !pointed && !list.matches(":focus-within")) list.dispatchEvent(new Event("refresh"));
}, RENEWED_EVERY);

