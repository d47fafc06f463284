// Tells on an open page that its person was removed, signed out or given another role. The server closes the socket
// when that happens, with a word of what; a connection that is lost otherwise is made again.
const LONGEST_WAIT_MS = 30_000;
let tries = 0;

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/ws/standing`);
  socket.onopen = () => (tries = 0);
  socket.onmessage = ({ data }) => {
    const { what } = JSON.parse(data);
    const notice = document.getElementById("standing");
    for (const told of notice.querySelectorAll("[data-what]")) told.hidden = told.dataset.what !== what;
    notice.hidden = false;
    socket.onclose = null;
  };
  socket.onclose = ({ code }) => {
    // Who may not ask at all is told so by the next page.
    if (code === 4404) return;
    tries += 1;
    setTimeout(connect, Math.min(LONGEST_WAIT_MS, 2000 * 2 ** tries) * (0.75 + Math.random() / 2));
  };
}

if (document.getElementById("standing")) connect();

// Where the pages' row is wider than the screen, the one that is open is in view.
document.querySelector("[data-pages] .btn-active")?.scrollIntoView({ block: "nearest", inline: "center" });

// A menu closes when somebody looks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
