// Passkeys: the question stands in the form as data, the browser asks the key, the answer goes back as a field.

const form = document.querySelector("form[data-passkey]");
const creates = form?.dataset.passkey === "create";

async function answered() {
  const { publicKey } = JSON.parse(form.querySelector("[data-question]").textContent);
  const options = creates
    ? PublicKeyCredential.parseCreationOptionsFromJSON(publicKey)
    : PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
  const found = creates
    ? await navigator.credentials.create({ publicKey: options })
    : await navigator.credentials.get({ publicKey: options });
  return JSON.stringify(found.toJSON());
}

if (form && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  form.hidden = false;
  const failed = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    failed.hidden = true;
    try {
      form.elements.answer.value = await answered();
      form.requestSubmit();
    } catch {
      failed.hidden = false;
    }
  }, true);
}
