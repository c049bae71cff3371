import './style.css';

/** Opens what a link to a part of a page points to: a value arrives with its origin unfolded. */
function openTarget(): void {
  const id = decodeURIComponent(location.hash.slice(1));
  const details = id ? document.getElementById(id)?.querySelector('details') : null;
  if (details) details.open = true;
}

/** Leaves empty fields out of the address of a question. */
function dropEmptyFields(form: HTMLFormElement): void {
  form.addEventListener('formdata', ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === '') formData.delete(name);
  });
}

addEventListener('hashchange', openTarget);
openTarget();
for (const form of document.querySelectorAll('form')) dropEmptyFields(form);
