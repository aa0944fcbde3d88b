// Parts of a page marked data-live=PATH are fetched from there anew; without scripts the page stands as it was loaded.
const parts = document.querySelectorAll('[data-live]');
if (parts.length) setInterval(async () => {
  if (document.hidden) return;
  const note = document.getElementById('lost');
  try {
    const answer = await fetch(parts[0].dataset.live, {redirect: 'manual'});
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of parts) {
      const fresh = page.getElementById(part.id);
      if (fresh && !part.contains(document.activeElement) && fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
    }
    note.hidden = true;
  } catch {
    note.hidden = false;
  }
}, 5000);
