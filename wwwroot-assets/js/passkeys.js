// Asks the device for a passkey and sends what it answers in the page's own form. Without script the forms stay hidden, and the page says why.
const known = window.PublicKeyCredential?.parseRequestOptionsFromJSON !== undefined;

function say(form, what) {
  for (const word of form.querySelectorAll("[data-failed], [data-known]"))
    word.hidden = !word.matches(what);
}

async function answer(form) {
  const asked = await fetch(form.dataset.passkey, { method: "POST", body: new FormData(form) });
  if (!asked.ok)
    throw new Error("not asked");
  const question = await asked.json();
  const shown = form.dataset.passkey.endsWith("/Add")
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
  form.elements[form.dataset.answer].value = JSON.stringify(shown);
  const remembers = form.dataset.remember && document.querySelector("input[type=checkbox][name='Input.RememberMe']");
  if (remembers)
    form.elements[form.dataset.remember].value = remembers.checked;
  form.submit();
}

document.querySelector("[data-unscripted]")?.remove();
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!known) {
    document.querySelector("[data-unable]")?.removeAttribute("hidden");
    continue;
  }
  form.hidden = false;
  // Whoever comes back by the browser's button finds the page as it was left.
  addEventListener("pageshow", () => delete form.dataset.busy);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.busy)
      return;
    form.dataset.busy = "true";
    say(form, ":not(*)");
    answer(form)
      // A device that has one for this account already says so; all else looks the same to a page, so that it learns nothing.
      .catch((error) => {
        delete form.dataset.busy;
        say(form, error.name === "InvalidStateError" ? "[data-known]" : "[data-failed]");
      });
  });
}
