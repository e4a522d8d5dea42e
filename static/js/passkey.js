// A passkey is made or shown by the browser: its answer goes into the form, which is then sent as any other.
// Without it, the other ways in stay on the page.

const known = () => window.PublicKeyCredential?.parseRequestOptionsFromJSON !== undefined;

/** A passkey that names its owner and asks for a finger, a face or a PIN. */
const owned = (options) => ({
  ...options,
  authenticatorSelection: {
    ...options.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  },
});

async function optionsOf(form) {
  const written = document.getElementById("passkey-options");
  if (written) return JSON.parse(written.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

async function answerTo({ creation_options: creation, request_options: request }) {
  if (creation) {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(owned(creation.publicKey));
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(request.publicKey);
  return navigator.credentials.get({ publicKey });
}

async function show(form) {
  const [button, refused] = [form.querySelector("[type=submit]"), form.querySelector("[data-refused]")];
  button.disabled = true;
  refused.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(await answerTo(await optionsOf(form)));
    form.submit();
  } catch {
    refused.hidden = false;
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (known()) {
    form.hidden = false;
    form.addEventListener("submit", (sent) => {
      sent.preventDefault();
      show(form);
    });
  }
  for (const note of document.querySelectorAll("[data-no-passkey]")) note.hidden = known();
}
