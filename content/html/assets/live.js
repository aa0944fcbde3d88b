// Fetches parts of a page marked data-live=PATH again, and pictures marked data-src=PATH. Without scripts the page stays as it was loaded.
const main = document.getElementById('main');
const lost = document.getElementById('lost');
const parts = main.querySelectorAll('[data-live]');
async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(parts[0].dataset.live, {redirect: 'manual'});
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of parts) {
      const fresh = page.getElementById(part.id);
      if (fresh && !part.contains(document.activeElement) && fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
    }
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
}
function refreshPictures() {
  for (const shown of main.querySelectorAll('img[data-src]')) {
    const next = new Image();
    next.onload = () => { shown.src = next.src; };
    next.src = shown.dataset.src + '?' + Date.now();
  }
}
if (parts.length) setInterval(refresh, Number(main.dataset.every));
if (main.querySelector('img[data-src]')) setInterval(refreshPictures, 1000);
