// Says which files were chosen or dropped: the field itself is invisible.
const field = document.querySelector('input[type="file"][name="files"]');
const said = document.querySelector("[data-chosen-files]");
field?.addEventListener("change", () => {
  said.textContent = [...field.files].map((file) => file.name).join(", ");
});
