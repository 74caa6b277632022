// While a list is imported the page stays until the answer comes; meanwhile it asks how far the work is.
const form = document.querySelector("form[data-import]");
const bar = form?.querySelector("[data-bar]");

async function look(progress, said) {
  const answer = await fetch(form.dataset.progress, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { done, total } = await answer.json();
  if (!total) return;
  progress.max = total;
  progress.value = done;
  said.textContent = `${done} / ${total}`;
}

if (bar) {
  form.addEventListener("submit", () => {
    bar.hidden = false;
    form.querySelector("button.main").setAttribute("aria-busy", "true");
    setInterval(() => look(bar.querySelector("progress"), bar.querySelector("[data-said]")).catch(() => {}), 700);
  });
}
