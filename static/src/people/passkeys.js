// Forms with data-passkey ask the browser for a passkey when they are submitted, and then go on with what it gave.
// "create" makes one and "get" uses one, with the options in the element that data-options names; "sign-in" fetches
// its options from where the form leads.
async function optionsOf(form) {
  if (form.dataset.passkey !== "sign-in") return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return answer.json();
}

async function credentialFor(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey !== "create") {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.request_options.publicKey);
    return navigator.credentials.get({ publicKey });
  }
  const wanted = options.creation_options.publicKey;
  // Found again without a user name, and only by who unlocks the device: then it stands for both factors.
  const alone = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
  wanted.authenticatorSelection = { ...wanted.authenticatorSelection, ...alone };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wanted) });
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form || form.elements.credential.value) return;
  event.preventDefault();
  const trouble = form.querySelector("[role=alert][hidden], [role=alert]:last-of-type");
  try {
    form.elements.credential.value = JSON.stringify((await credentialFor(form)).toJSON());
    form.requestSubmit();
  } catch (error) {
    console.warn(error);
    if (trouble) trouble.hidden = false;
  }
});
